import { join } from "node:path";
import type { Table } from "../../../agent/config/snapshot.ts";
import { runChild, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";

export type WideType = "float32" | "float64" | "int32" | "uint32" | "int64" | "uint64";
/** Bytes of a wide value as they stand in its registers: a the most significant. */
export type ByteOrder = "abcd" | "cdab" | "badc" | "dcba";

/** A Modbus server made of libmodbus, driven through its standard input. */
export interface Libmodbus extends AsyncDisposable {
  set(table: Table, address: number, value: number): Promise<void>;
  get(table: Table, address: number): Promise<number>;
  put(type: WideType, order: ByteOrder, table: Table, address: number, value: number | bigint): Promise<void>;
  /** Requests with this function code that it has answered. */
  count(functionCode: number): Promise<number>;
}

/** Builds one of the programs into `folder` with the system's compiler. @returns its path */
export async function buildLibmodbus(folder: string, what: "server" | "client" = "server"): Promise<string> {
  const flags = await runChild("pkg-config", ["--cflags", "--libs", "libmodbus"]);
  if (flags.code !== 0) throw new Error(`libmodbus-dev is missing: ${flags.errors}`);
  const program = join(folder, `libmodbus-${what}`);
  const source = join(import.meta.dirname, "..", "libmodbus", `${what}.c`);
  const warnings = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"];
  const libraries = flags.output.trim().split(/\s+/);
  const built = await runChild("gcc", [...warnings, "-O1", "-o", program, source, ...libraries]);
  if (built.code !== 0) throw new Error(`gcc: ${built.errors}`);
  return program;
}

export interface SerialSettings {
  readonly path: string;
  readonly baudRate: number;
  readonly parity: "none" | "even" | "odd";
  readonly stopBits: 1 | 2;
}

export function startLibmodbusRtu(program: string, line: SerialSettings, unit: number): Promise<Libmodbus> {
  const parity = { none: "N", even: "E", odd: "O" }[line.parity];
  const settings = [line.path, String(line.baudRate), parity, String(line.stopBits)];
  return start(program, ["rtu", ...settings, String(unit)]);
}

export async function startLibmodbusTcp(program: string): Promise<Libmodbus & { readonly port: number }> {
  const port = await freePort();
  return Object.assign(await start(program, ["tcp", String(port)]), { port });
}

async function start(program: string, args: readonly string[]): Promise<Libmodbus> {
  const child = startChild(program, args);
  await child.line(/^ready$/);
  const waiting: ((line: string) => void)[] = [];
  child.onLine((line) => waiting.shift()?.(line));
  const ask = (command: string): Promise<string> =>
    new Promise((resolve, reject) => {
      waiting.push((line) => (line.startsWith("error") ? reject(new Error(line)) : resolve(line)));
      child.write(`${command}\n`);
    });
  const number = async (command: string): Promise<number> => Number((await ask(command)).replace("value ", ""));
  return {
    set: async (table, address, value) => void (await ask(`set ${table} ${address} ${value}`)),
    get: (table, address) => number(`get ${table} ${address}`),
    put: async (type, order, table, address, value) =>
      void (await ask(`put ${type} ${order} ${table} ${address} ${value}`)),
    count: (functionCode) => number(`count ${functionCode}`),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

import type { Table } from "../../../agent/config/snapshot.ts";
import { startChild } from "./child.ts";
import type { WideType } from "./libmodbus.ts";

/** A Modbus TCP client made of libmodbus: every answer is its one line. */
export interface LibmodbusClient extends AsyncDisposable {
  read(table: Table, address: number, count: number): Promise<string>;
  get(type: WideType, table: Table, address: number): Promise<string>;
  write(what: "coil" | "coils" | "register" | "registers", address: number, value: number): Promise<string>;
}

/** @param program as `buildLibmodbus` has built it */
export async function startLibmodbusClient(program: string, port: number, unit: number): Promise<LibmodbusClient> {
  const child = startChild(program, ["127.0.0.1", String(port), String(unit)]);
  await child.line(/^ready$/);
  const waiting: ((line: string) => void)[] = [];
  child.onLine((line) => waiting.shift()?.(line));
  const ask = (command: string): Promise<string> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      child.write(`${command}\n`);
    });
  return {
    read: (table, address, count) => ask(`read ${table} ${address} ${count}`),
    get: (type, table, address) => ask(`get ${type} ${table} ${address}`),
    write: (what, address, value) => ask(`write ${what} ${address} ${value}`),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

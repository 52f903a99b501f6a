import { expect, test } from "vitest";
import type { ModbusServerEntry } from "../../agent/config/snapshot/modbus-server.ts";
import { silentLog } from "../../agent/contract/log.ts";
import type { ScalarValue } from "../../agent/contract/point.ts";
import { ModbusServer } from "../../agent/uplink/modbus-server/server.ts";
import { ShownValues } from "../../agent/uplink/modbus-server/shown-values.ts";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { really } from "../hal/real-time.ts";
import { freePort } from "./peers/free-port.ts";
import { buildLibmodbus } from "./peers/libmodbus.ts";
import { startLibmodbusClient } from "./peers/libmodbus-client.ts";
import { mbpoll } from "./peers/mbpoll.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { requires } from "./requires.ts";

const UNIT = 9;

function entry(
  point: string,
  table: ModbusServerEntry["table"],
  address: number,
  type: ModbusServerEntry["type"],
  over: Partial<ModbusServerEntry> = {},
): ModbusServerEntry {
  const count = type.endsWith("64") ? 4 : type.endsWith("32") ? 2 : 1;
  return { point, table, address, type, count, wordOrder: "big", scale: 1, offset: 0, ...over };
}

/** Every type in both tables of registers, bits in both of the others, and a point that has no value. */
const NUMBERS = [
  ["int16", 0, -12_345],
  ["uint16", 1, 54_321],
  ["int32", 2, -2_023_406_815],
  ["uint32", 4, 4_294_967_295],
  ["float32", 6, 1234.5],
  ["int64", 8, "-9223372036854775808"],
  ["uint64", 12, "18446744073709551615"],
  ["float64", 16, -Math.PI],
] as const;
const ENTRIES: readonly ModbusServerEntry[] = [
  ...(["input-register", "holding-register"] as const).flatMap((table) =>
    NUMBERS.map(([type, address]) => entry(`p/${type}`, table, address, type)),
  ),
  entry("p/tag", "holding-register", 30, "string", { count: 4 }),
  entry("p/on", "holding-register", 40, "bool"),
  ...[true, false, true, true].flatMap((on, i) => [
    entry(on ? "p/on" : "p/off", "coil", i, "bool"),
    entry(on ? "p/off" : "p/on", "discrete-input", 100 + i, "bool"),
  ]),
  entry("p/dead", "holding-register", 50, "uint16"),
];
const VALUES: readonly (readonly [string, ScalarValue])[] = [
  ...NUMBERS.map(([type, , value]) => [`p/${type}`, value] as const),
  ["p/tag", "LT-101"],
  ["p/on", true],
  ["p/off", false],
];

interface Stand extends AsyncDisposable {
  readonly port: number;
  readonly server: ModbusServer;
}

async function stand(): Promise<Stand> {
  const clock = linuxClock();
  const values = new ShownValues(clock);
  const configDigest = (): string => "digest";
  const server = new ModbusServer({ clock, network: linuxNetwork(), log: silentLog, values, configDigest });
  const port = await freePort();
  server.configure({
    host: "127.0.0.1",
    port,
    unit: UNIT,
    clients: ["127.0.0.0/8"],
    connectionsMax: 4,
    entries: ENTRIES,
  });
  await really(() => server.status()?.listening === true);
  const refs = [...new Set(ENTRIES.map(({ point }) => point))];
  values.take({
    kind: "shown",
    configDigest: "digest",
    points: VALUES.map(([point]) => refs.indexOf(point)),
    values: VALUES.map(([, value]) => value),
    qualities: VALUES.map(() => 0),
  });
  return { port, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

requires("mbpoll")("mbpoll as a client of the read-only server", () => {
  const ask = (port: number, options: readonly string[], written?: readonly number[]) =>
    mbpoll("127.0.0.1", ["-m", "tcp", "-p", String(port), "-a", String(UNIT), ...options], written);

  test("reads every table, and numbers of each width", async () => {
    await using s = await stand();
    expect([...(await ask(s.port, ["-t", "0", "-r", "0", "-c", "4"])).values.values()]).toEqual(["1", "0", "1", "1"]);
    expect([...(await ask(s.port, ["-t", "1", "-r", "100", "-c", "4"])).values.values()]).toEqual(["0", "1", "0", "0"]);
    for (const table of ["3", "4"]) {
      const words = await ask(s.port, ["-t", table, "-r", "0", "-c", "2"]);
      expect([...words.values.values()]).toEqual(["53191 (-12345)", "54321 (-11215)"]);
      const whole = await ask(s.port, ["-t", `${table}:int`, "-B", "-r", "2", "-c", "1"]);
      expect(whole.values.get(2)).toBe("-2023406815");
      const float = await ask(s.port, ["-t", `${table}:float`, "-B", "-r", "6", "-c", "1"]);
      expect(float.values.get(6)).toBe("1234.5");
    }
  });

  test("is told that nothing can be written, and what has no value", async () => {
    await using s = await stand();
    expect((await ask(s.port, ["-t", "4", "-r", "0"], [1])).said).toContain("Illegal function");
    expect((await ask(s.port, ["-t", "0", "-r", "0"], [1])).said).toContain("Illegal function");
    expect((await ask(s.port, ["-t", "4", "-r", "50"])).said).toContain("Target device failed to respond");
    expect((await ask(s.port, ["-t", "4", "-r", "51"])).said).toContain("Illegal data address");
    expect(s.server.status()).toMatchObject({ refusedWrites: 2, unanswered: 1 });
  });
});

requires("gcc", "libmodbus")("libmodbus as a client of the read-only server", () => {
  test("reads every type as what it is, several in one request, and writes nothing", async () => {
    await using folder = await tempFolder();
    await using s = await stand();
    await using client = await startLibmodbusClient(await buildLibmodbus(folder.path, "client"), s.port, UNIT);
    for (const table of ["input-register", "holding-register"] as const) {
      for (const [type, address, value] of NUMBERS.slice(2)) {
        if (type === "int16" || type === "uint16") continue;
        const said = await client.get(type, table, address);
        expect(type.startsWith("float") ? Number(said.replace("value ", "")) : said.replace("value ", "")).toBe(
          type.startsWith("float") ? value : String(value),
        );
      }
      const words = (await client.read(table, 0, 20)).split(" ");
      expect(words).toHaveLength(21);
      expect(words.slice(1, 3)).toEqual(["53191", "54321"]);
    }
    expect(await client.read("holding-register", 30, 4)).toBe("words 19540 11569 12337 0");
    expect(await client.read("holding-register", 40, 1)).toBe("words 1");
    expect(await client.read("coil", 0, 4)).toBe("words 1 0 1 1");
    expect(await client.read("discrete-input", 100, 4)).toBe("words 0 1 0 0");
    for (const what of ["coil", "coils", "register", "registers"] as const) {
      expect(await client.write(what, 0, 1)).toBe("error Illegal function");
    }
    expect(await client.read("holding-register", 50, 1)).toBe("error Target device failed to respond");
    expect(await client.read("holding-register", 7, 1)).toBe("error Illegal data address");
    expect(await client.read("holding-register", 1, 1)).toBe("words 54321");
    expect(s.server.status()).toMatchObject({ refusedWrites: 4, clients: 1 });
  });
});

import { expect, test } from "vitest";
import { linuxClock } from "../../hal/linux/clock.ts";
import { registerPlan } from "./libmodbus/register-plan.ts";
import { startBus } from "./peers/bus.ts";
import { startField } from "./peers/field.ts";
import type { FieldOnLinux } from "./peers/field.ts";
import { buildLibmodbus, startLibmodbusRtu, startLibmodbusTcp } from "./peers/libmodbus.ts";
import type { Libmodbus } from "./peers/libmodbus.ts";
import type { FileBus, FileDevice, FilePoint } from "./peers/gateway-file.ts";
import { nullModem } from "./peers/null-modem.ts";
import { serialServer } from "./peers/serial-server.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { requires } from "./requires.ts";

const UNIT = 17;
const POLL_MS = 500;
const LINE = { baudRate: 115_200, parity: "even", stopBits: 1 } as const;

/** Over a socket in RTU by way of a serial server, at whose line libmodbus is. */
type Kind = "rtu" | "tcp" | "rtu-over-tcp";

interface Stand extends AsyncDisposable {
  readonly server: Libmodbus;
  readonly field: FieldOnLinux;
}

/** libmodbus at one end of a cable, at the other a bus of ours. */
async function plug(
  stack: AsyncDisposableStack,
  kind: Kind,
  device: FileDevice,
): Promise<{ readonly server: Libmodbus; readonly bus: FileBus }> {
  const folder = stack.use(await tempFolder());
  const program = await buildLibmodbus(folder.path);
  if (kind === "tcp") {
    const server = stack.use(await startLibmodbusTcp(program));
    return { server, bus: { name: "socket", tcp: { host: "127.0.0.1", port: server.port }, devices: [device] } };
  }
  if (kind === "rtu-over-tcp") {
    const between = stack.use(await serialServer(linuxClock(), LINE));
    const server = stack.use(await startLibmodbusRtu(program, { path: between.far, ...LINE }, UNIT));
    const tcp = { host: "127.0.0.1", port: between.port, framing: "rtu" } as const;
    return { server, bus: { name: "socket", tcp, devices: [device] } };
  }
  const cable = stack.use(await nullModem(linuxClock(), LINE));
  const server = stack.use(await startLibmodbusRtu(program, { path: cable.far, ...LINE }, UNIT));
  return { server, bus: { name: "line", rtu: { path: cable.near, ...LINE }, devices: [device] } };
}

async function stand(
  kind: Kind,
  points: readonly FilePoint[],
  prepare: (server: Libmodbus) => Promise<void>,
): Promise<Stand> {
  await using opening = new AsyncDisposableStack();
  const device = { name: "stranger", unit: UNIT, pollMs: POLL_MS, points };
  const { server, bus } = await plug(opening, kind, device);
  await prepare(server);
  const folder = opening.use(await tempFolder());
  const field = opening.use(await startField(folder.path, [bus]));
  const held = opening.move();
  return { server, field, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

const OUTPUTS: readonly FilePoint[] = [
  { name: "start", table: "coil", address: 10, output: {} },
  { name: "valves", table: "coil", address: 11, output: { write: "multiple" } },
  { name: "speed", table: "holding-register", address: 20, output: { low: 0, high: 50 }, scale: 0.01 },
  { name: "setpoint", table: "holding-register", address: 21, type: "float32", wordOrder: "little", output: {} },
  { name: "total", table: "holding-register", address: 24, type: "uint64", output: {} },
  { name: "enable", table: "holding-register", address: 30, type: "bool", bit: 9, output: {} },
  { name: "reading", table: "holding-register", address: 40 },
];

const libmodbus = requires("gcc", "libmodbus");

for (const kind of ["rtu", "tcp", "rtu-over-tcp"] as const) libmodbus(`libmodbus over ${kind}`, () => journeys(kind));

function journeys(kind: Kind): void {
  test("every table, type and byte order that libmodbus serves arrives right to the last bit", async () => {
    const plan = registerPlan();
    await using stranger = await stand(
      kind,
      plan.map(({ point }) => point),
      async (server) => {
        for (const { put } of plan) await put(server);
      },
    );
    const points = await stranger.field.points();
    const read = Object.fromEntries([...points].map(([name, { value, quality }]) => [name, { value, quality }]));
    expect(read).toEqual(
      Object.fromEntries(plan.map(({ point, expected }) => [point.name, { value: expected, quality: "good" }])),
    );
    for (const functionCode of [1, 2, 3, 4]) expect(await stranger.server.count(functionCode)).toBeGreaterThan(0);
    const [bus] = (await stranger.field.status()).buses;
    expect(bus?.counters).toMatchObject({
      timeouts: 0,
      exceptions: 0,
      crcErrors: 0,
      foreignFrames: 0,
      discardedBytes: 0,
    });
  });

  test("a write reaches libmodbus by the function its output asks for, and is read back", async () => {
    await using stranger = await stand(kind, OUTPUTS, async (server) => {
      await server.set("holding-register", 30, 0x5555);
    });
    const { field, server } = stranger;
    await field.points();
    expect(await field.write("stranger", "start", true)).toMatchObject({ readBack: true });
    expect(await server.get("coil", 10)).toBe(1);
    expect(await server.count(5)).toBe(1);

    expect(await field.write("stranger", "valves", true)).toMatchObject({ readBack: true });
    expect(await server.get("coil", 11)).toBe(1);
    expect(await server.count(15)).toBe(1);

    expect(await field.write("stranger", "speed", 42.5)).toMatchObject({ readBack: 42.5 });
    expect(await server.get("holding-register", 20)).toBe(4_250);
    expect(await server.count(6)).toBe(1);

    expect(await field.write("stranger", "setpoint", -1.5)).toMatchObject({ readBack: -1.5 });
    expect([await server.get("holding-register", 21), await server.get("holding-register", 22)]).toEqual([0, 0xbfc0]);
    expect(await field.write("stranger", "total", "18446744073709551615")).toMatchObject({
      readBack: "18446744073709551615",
    });
    expect(await server.get("holding-register", 27)).toBe(0xffff);
    expect(await server.count(16)).toBe(2);

    expect(await field.write("stranger", "enable", true)).toMatchObject({ readBack: true });
    expect(await server.get("holding-register", 30)).toBe(0x5755);
    expect(await server.count(22)).toBe(1);
  });

  test("what is no output, out of range or unknown is refused and libmodbus hears nothing of it", async () => {
    await using stranger = await stand(kind, OUTPUTS, () => Promise.resolve());
    const { field, server } = stranger;
    await field.points();
    expect(await field.write("stranger", "reading", 1)).toMatchObject({ code: "WRITE_NOT_AN_OUTPUT" });
    expect(await field.write("stranger", "speed", 50.5)).toMatchObject({ code: "WRITE_OUT_OF_RANGE" });
    expect(await field.write("stranger", "nothing", 1)).toMatchObject({ code: "WRITE_UNKNOWN_POINT" });
    expect(await field.write("stranger", "setpoint", "fast")).toMatchObject({ code: "WRITE_WRONG_TYPE" });
    for (const functionCode of [5, 6, 15, 16, 22]) expect(await server.count(functionCode)).toBe(0);
  });

  test("an address libmodbus does not have is an exception with its code, and the other points go on", async () => {
    const points: readonly FilePoint[] = [
      { name: "there", table: "holding-register", address: 0 },
      { name: "beyond", table: "holding-register", address: 5_000 },
    ];
    await using stranger = await stand(kind, points, (server) => server.set("holding-register", 0, 7));
    const read = await stranger.field.points();
    expect(read.get("there")).toMatchObject({ value: 7, quality: "good" });
    expect(read.get("beyond")).toMatchObject({ value: null, quality: "bad", reason: "exception" });
  });

  test("function 23 writes and reads in one transaction", async () => {
    await using stack = new AsyncDisposableStack();
    const points = [{ name: "far", table: "holding-register", address: 900 }] as const;
    const { server, bus } = await plug(stack, kind, { name: "stranger", unit: UNIT, pollMs: 60_000, points });
    await server.set("holding-register", 3, 0xabcd);
    const ours = stack.use(await startBus(bus));
    const exchange = { function: 23, unit: UNIT, address: 2, count: 2, writeAddress: 2, values: [0x1234] } as const;
    expect(await ours.ask(exchange)).toMatchObject({ kind: "data", bytes: Buffer.from("1234abcd", "hex") });
    expect(await server.get("holding-register", 2)).toBe(0x1234);
    expect(await server.count(23)).toBe(1);
  });

  // Over RTU libmodbus cannot tell how long a request is that it does not know, and so says nothing.
  if (kind !== "tcp") return;
  test("an identification that libmodbus does not give is exception 1", async () => {
    await using stack = new AsyncDisposableStack();
    const points = [{ name: "far", table: "holding-register", address: 900 }] as const;
    const { bus } = await plug(stack, kind, { name: "stranger", unit: UNIT, pollMs: 60_000, points });
    const ours = stack.use(await startBus(bus));
    expect(await ours.ask({ function: 43, unit: UNIT, access: 1, object: 0 })).toEqual({ kind: "exception", code: 1 });
  });
}

import fc from "fast-check";
import { expect, test } from "vitest";
import type { SerialLine } from "../../../hal/serial.ts";
import { characterMs } from "../../../hal/serial.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import type { VirtualClock } from "../../../simulator/clock.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { ModbusDevice, serveRtu } from "../../../simulator/modbus/index.ts";
import type { Injection } from "../../../simulator/modbus/index.ts";
import { cutRequests } from "../../../simulator/modbus/rtu-server.ts";
import { decodeRtu, encodeRtu } from "../../../simulator/modbus/rtu-frame.ts";
import { pacedLine } from "../../../simulator/wire.ts";

const LINE: SerialLine = { path: "/dev/line", baudRate: 9600, parity: "even", dataBits: 8, stopBits: 1 };
const CHARACTER_MS = characterMs(LINE);
const READ_ONE = Uint8Array.of(3, 0, 0, 0, 1);

interface Bench {
  readonly clock: VirtualClock;
  readonly devices: readonly ModbusDevice[];
  readonly counters: { readonly discarded: number; readonly foreign: number };
  /** what came back, each byte with the instant of its end */
  readonly heard: { readonly byte: number; readonly atMs: number }[];
  send(bytes: Uint8Array): void;
  /** Sends, waits a second, and gives what came back. */
  ask(bytes: Uint8Array): Promise<Uint8Array>;
}

function bench(...units: number[]): Bench {
  const clock = virtualClock();
  const heard: { byte: number; atMs: number }[] = [];
  const listeners: ((chunk: Uint8Array) => void)[] = [];
  const toDevices = pacedLine(clock, CHARACTER_MS, ({ byte }) =>
    listeners.forEach((hear) => hear(Uint8Array.of(byte))),
  );
  const toMaster = pacedLine(clock, CHARACTER_MS, ({ byte }) => heard.push({ byte, atMs: clock.monotonicMs() }));
  const devices = units.map((unit) => {
    const device = new ModbusDevice({ unit, clock, entropy: seededEntropy(unit), replyDelayMs: 5 });
    device.holdingRegisters.store(0, [unit, 0]);
    return device;
  });
  const wire = {
    receive: (hear: (chunk: Uint8Array) => void) => void listeners.push(hear),
    send: (bytes: Uint8Array) => void toMaster.send(bytes),
  };
  const { counters } = serveRtu({ clock, line: LINE, wire, devices });
  return {
    clock,
    devices,
    counters,
    heard,
    send: (bytes) => void toDevices.send(bytes),
    async ask(bytes) {
      const before = heard.length;
      toDevices.send(bytes);
      await clock.advance(1000);
      return Uint8Array.from(heard.slice(before), ({ byte }) => byte);
    },
  };
}

function injected(injection: Injection): Bench {
  const world = bench(1);
  world.devices[0]?.inject(injection);
  return world;
}

test("each unit answers its own frames and leaves the others'", async () => {
  const world = bench(1, 2);
  expect(decodeRtu(await world.ask(encodeRtu({ unit: 2, pdu: READ_ONE })))).toEqual({
    unit: 2,
    pdu: Uint8Array.of(3, 2, 0, 2),
  });
  expect(await world.ask(encodeRtu({ unit: 9, pdu: READ_ONE }))).toHaveLength(0);
  expect(world.counters.foreign).toBe(1);
});

test("the answer begins T3.5 and the reply delay after the request", async () => {
  const world = bench(1);
  await world.ask(encodeRtu({ unit: 1, pdu: READ_ONE }));
  const requestEndMs = 8 * CHARACTER_MS;
  expect(world.heard[0]?.atMs).toBeCloseTo(requestEndMs + 3.5 * CHARACTER_MS + 5 + CHARACTER_MS, 6);
});

test("a damaged frame and one cut in two by a silence are discarded and counted", async () => {
  const world = bench(1);
  const frame = encodeRtu({ unit: 1, pdu: READ_ONE });
  expect(await world.ask(frame.map((byte, i) => (i === 3 ? byte ^ 1 : byte)))).toHaveLength(0);
  expect(await world.ask(frame.subarray(0, 4))).toHaveLength(0);
  expect(await world.ask(frame.subarray(4))).toHaveLength(0);
  expect(world.counters.discarded).toBe(3);
});

test("frames that ran together are told apart by their length", () => {
  const one = encodeRtu({ unit: 1, pdu: READ_ONE });
  const two = encodeRtu({ unit: 2, pdu: Uint8Array.of(16, 0, 0, 0, 1, 2, 0, 7) });
  const { frames, rest } = cutRequests(Buffer.concat([one, two, Uint8Array.of(1, 3)]));
  expect(frames.map(({ unit }) => unit)).toEqual([1, 2]);
  expect(rest).toBe(2);
});

test("a broadcast write is done by every unit and answered by none", async () => {
  const world = bench(1, 2);
  expect(await world.ask(encodeRtu({ unit: 0, pdu: Uint8Array.of(6, 0, 1, 0, 9) }))).toHaveLength(0);
  for (const device of world.devices) expect(device.holdingRegisters.read(1, 1)).toEqual([9]);
});

test("a silent device neither acts nor answers, for as many exchanges as asked", async () => {
  const world = injected({ kind: "silence", count: 1 });
  const write = encodeRtu({ unit: 1, pdu: Uint8Array.of(6, 0, 1, 0, 9) });
  expect(await world.ask(write)).toHaveLength(0);
  expect(world.devices[0]?.holdingRegisters.read(1, 1)).toEqual([0]);
  expect(decodeRtu(await world.ask(write))?.pdu[0]).toBe(6);
});

test("a lost reply leaves the write done", async () => {
  const world = injected({ kind: "lost-reply" });
  expect(await world.ask(encodeRtu({ unit: 1, pdu: Uint8Array.of(6, 0, 1, 0, 9) }))).toHaveLength(0);
  expect(world.devices[0]?.holdingRegisters.read(1, 1)).toEqual([9]);
});

test("a fault ends at its time", async () => {
  const world = injected({ kind: "silence", untilMs: 1500 });
  const frame = encodeRtu({ unit: 1, pdu: READ_ONE });
  expect(await world.ask(frame)).toHaveLength(0);
  await world.clock.advance(600);
  expect(await world.ask(frame)).not.toHaveLength(0);
});

test("a late reply comes when it says", async () => {
  const world = injected({ kind: "late-reply", ms: 600 });
  await world.ask(encodeRtu({ unit: 1, pdu: READ_ONE }));
  expect(world.heard[0]?.atMs).toBeCloseTo(8 * CHARACTER_MS + 3.5 * CHARACTER_MS + 605 + CHARACTER_MS, 6);
});

test.each<[Injection, (reply: Uint8Array) => void]>([
  [{ kind: "exception", code: 6 }, (reply) => expect(decodeRtu(reply)?.pdu).toEqual(Uint8Array.of(0x83, 6))],
  [{ kind: "wrong-unit" }, (reply) => expect(decodeRtu(reply)?.unit).toBe(2)],
  [{ kind: "crc-error" }, (reply) => expect([reply.length, decodeRtu(reply)]).toEqual([7, undefined])],
  [{ kind: "short-frame" }, (reply) => expect(decodeRtu(reply)?.pdu).toEqual(Uint8Array.of(3, 2, 0))],
  [{ kind: "long-frame" }, (reply) => expect(decodeRtu(reply)?.pdu).toHaveLength(6)],
  [{ kind: "half-reply" }, (reply) => expect(reply).toEqual(Uint8Array.of(1, 3, 2))],
  [{ kind: "byte-loss", byte: 0 }, (reply) => expect([reply.length, reply[0]]).toEqual([6, 3])],
  [{ kind: "byte-loss", rate: 1 }, (reply) => expect(reply).toHaveLength(0)],
])("on request the device misbehaves: %o", async (injection, check) => {
  check(await injected(injection).ask(encodeRtu({ unit: 1, pdu: READ_ONE })));
});

test("a babbling device talks unasked until it is cleared", async () => {
  const world = injected({ kind: "babble", everyMs: 100, bytesMax: 4 });
  await world.clock.advance(2000);
  const babbled = world.heard.length;
  expect(babbled).toBeGreaterThan(12);
  world.devices[0]?.clear();
  await world.clock.advance(2000);
  expect(world.heard.length).toBe(babbled);
});

test("a probability strikes by the seed, and the same seed strikes alike", async () => {
  const run = async (): Promise<boolean[]> => {
    const world = injected({ kind: "silence", probability: 0.5 });
    const answered: boolean[] = [];
    for (let i = 0; i < 40; i++) answered.push((await world.ask(encodeRtu({ unit: 1, pdu: READ_ONE }))).length > 0);
    return answered;
  };
  const first = await run();
  expect(first.filter(Boolean).length).toBeGreaterThan(8);
  expect(first.filter(Boolean).length).toBeLessThan(32);
  expect(await run()).toEqual(first);
});

test("no bytes on the line make the decoder throw", () => {
  const real = encodeRtu({ unit: 1, pdu: READ_ONE });
  const damaged = fc.tuple(fc.nat(7), fc.nat(255)).map(([at, byte]) => real.with(at, byte));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged), (bytes) => {
      const { frames, rest } = cutRequests(bytes);
      expect(rest + frames.reduce((sum, { pdu }) => sum + pdu.length + 3, 0)).toBe(bytes.length);
    }),
    { numRuns: 100_000 },
  );
});

test("a unit id that is used twice or is no slave's is refused", () => {
  expect(() => bench(1, 1)).toThrow(RangeError);
  expect(() => bench(0)).toThrow(RangeError);
  expect(() => bench(248)).toThrow(RangeError);
});

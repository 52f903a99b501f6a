import { describe, expect, test } from "vitest";
import { sleep } from "../../../../hal/clock.ts";
import { HalError } from "../../../../hal/error.ts";
import { characterMs } from "../../../../hal/serial.ts";
import type { Serial } from "../../../../hal/serial.ts";
import type { Outcome, Request } from "../../../../agent/field/bus/request.ts";
import { busWorld } from "../world.ts";
import type { BusWorld } from "../world.ts";
import { bus, device, registers, rtu } from "../snapshots.ts";

const PATH = "/dev/ttyS0";
const MASTER_FRAME_BYTES = 8;

/** The simulated serial line behind a driver that says late, or never, that the last bit has left. */
function drainingLate(world: BusWorld, lateMs: () => number): Serial & { readonly writes: Uint8Array[] } {
  const writes: Uint8Array[] = [];
  return {
    writes,
    async open(line, listener) {
      const port = await world.serial.open(line, listener);
      return {
        async write(bytes) {
          writes.push(bytes.slice());
          await port.write(bytes);
          if (lateMs() === Number.POSITIVE_INFINITY) await new Promise(() => {});
          await sleep(world.clock, lateMs());
        },
        [Symbol.asyncDispose]: () => port[Symbol.asyncDispose](),
      };
    },
  };
}

describe("a serial driver", () => {
  test("is given every request whole, in one write", async () => {
    await using world = busWorld();
    world.line(world.devices([1]));
    const serial = drainingLate(world, () => 0);
    const started = world.start(bus("line", [device("d1", 1, registers(10))]), { serial });
    await world.clock.advance(10_000);
    expect(await world.ask(started, { function: 16, unit: 1, address: 0, values: [1, 2, 3] })).toEqual({
      kind: "done",
    });
    expect(serial.writes.length).toBe(world.counters(started).requests);
    expect(serial.writes.every((frame) => frame.length === MASTER_FRAME_BYTES || frame[1] === 16)).toBe(true);
  });

  test("that is late to say that a request has left moves the timeout, and the turnaround of a broadcast", async () => {
    await using world = busWorld();
    const [mute] = world.devices([1]);
    if (mute === undefined) throw new Error("no device");
    world.line([mute]);
    let lateMs = 0;
    const serial = drainingLate(world, () => lateMs);
    const line = bus("line", [device("d1", 1, registers(1, { pollMs: 60_000 }))], {
      broadcast: true,
      turnaroundMs: 100,
    });
    const started = world.start(line, { serial });
    await world.clock.advance(2_500);
    mute.inject({ kind: "silence" });
    lateMs = 150;
    const frameMs = MASTER_FRAME_BYTES * characterMs(rtu());
    const timed = async (request: Request, timeoutMs: number): Promise<void> => {
      const startMs = world.clock.monotonicMs();
      await world.ask(started, request);
      const tookMs = world.clock.monotonicMs() - startMs - frameMs - lateMs;
      expect(tookMs).toBeGreaterThanOrEqual(timeoutMs);
      expect(tookMs).toBeLessThan(timeoutMs + 160);
    };
    await timed({ function: 6, unit: 0, address: 1, value: 1 }, 100);
    await timed({ function: 3, unit: 1, address: 0, count: 1 }, 300);
    expect(world.counters(started).timeouts).toBe(1);
  });

  test("that never says so is stuck: the port is reported lost and opened again", async () => {
    await using world = busWorld();
    const [mute] = world.devices([1]);
    if (mute === undefined) throw new Error("no device");
    world.line([mute]);
    let lateMs = 0;
    const serial = drainingLate(world, () => lateMs);
    const started = world.start(bus("line", [device("d1", 1)]), { serial });
    await world.clock.advance(2_500);
    mute.inject({ kind: "silence", count: 1 });
    lateMs = Number.POSITIVE_INFINITY;
    await world.clock.advance(1_000);
    lateMs = 0;
    await world.clock.advance(4_000);
    expect(started.status(true)).toMatchObject({
      state: "open",
      counters: { reopened: 1 },
      lastFault: { code: "HAL_PORT_VANISHED", message: expect.stringContaining("drain") },
      devices: [{ points: [{ quality: "good" }] }],
    });
  });
});

describe("a serial port", () => {
  test("that takes its time to open is listened to for a silence before anything is sent", async () => {
    await using world = busWorld();
    world.line(world.devices([1]));
    let openedMs = 0;
    const serial: Serial = {
      async open(line, listener) {
        await sleep(world.clock, 50);
        openedMs = world.clock.monotonicMs();
        return world.serial.open(line, listener);
      },
    };
    world.start(bus("line", [device("d1", 1)]), { serial });
    await world.clock.advance(200);
    const [first] = world.serial.trace(PATH);
    expect((first?.startMs ?? 0) - openedMs).toBeGreaterThanOrEqual(3.5 * characterMs(rtu()));
  });

  test("that vanishes while it is being opened leaves nothing half asked behind", async () => {
    await using world = busWorld();
    world.line(world.devices([1]));
    let openings = 0;
    const serial: Serial = {
      async open(line, listener) {
        const port = await world.serial.open(line, listener);
        if (openings++ === 0) listener.vanished(new HalError("HAL_PORT_VANISHED", "gone again"));
        return port;
      },
    };
    const started = world.start(bus("line", [device("d1", 1)]), { serial });
    await world.clock.advance(5_000);
    expect(openings).toBe(2);
    expect(world.counters(started)).toMatchObject({ timeouts: 0, reopened: 1, latePolls: 0 });
    expect(world.deviceStatus(started, "d1")).toMatchObject({ online: true, points: [{ quality: "good" }] });
  });
});

describe("an answer", () => {
  test("that has begun within the timeout is given the time its characters need", async () => {
    await using world = busWorld();
    const slow = rtu({ baudRate: 1_200 });
    world.line(world.devices([1], 200), slow);
    const started = world.start(
      bus("line", [device("d1", 1, { ...registers(60), timeoutMs: 300 })], { transport: slow }),
    );
    await world.clock.advance(20_000);
    expect(125 * characterMs(slow)).toBeGreaterThan(3 * 300);
    expect(world.counters(started)).toMatchObject({ timeouts: 0, replies: world.counters(started).requests - 1 });
    expect(world.deviceStatus(started, "d1").points[59]).toMatchObject({ value: 1_059, quality: "good" });
  });

  test("that comes a byte at a time, for ever, holds the line no longer than a frame could", async () => {
    await using world = busWorld();
    const wire = world.serial.wire(PATH, rtu());
    const started = world.start(
      bus("line", [device("d1", 1, { ...registers(1, { pollMs: 600_000 }), timeoutMs: 100 })]),
    );
    await world.clock.advance(1_500);
    let outcome: Outcome | undefined;
    const request = { function: 3, unit: 1, address: 0, count: 125 } as const;
    await world.clock.advance(1_000);
    const startMs = world.clock.monotonicMs();
    started.submit({ request, timeoutMs: 100, gapMs: 0, done: (said) => void (outcome = said) });
    for (const byte of [1, 3, 250, ...new Uint8Array(200)]) {
      if (outcome !== undefined) break;
      wire.send(Uint8Array.of(byte));
      await world.clock.advance(25);
    }
    expect(outcome).toEqual({ kind: "silence", damaged: true });
    const longestMs = 100 + (MASTER_FRAME_BYTES + 256) * characterMs(rtu()) + 50;
    expect(world.clock.monotonicMs() - startMs).toBeLessThan(longestMs);
  });

  test("that is late is waited for on a line that was away meanwhile, too", async () => {
    await using world = busWorld();
    const [slow] = world.devices([1]);
    if (slow === undefined) throw new Error("no device");
    world.line([slow]);
    const started = world.start(bus("line", [device("d1", 1, { lateReplyMs: 5_000 })]));
    await world.clock.advance(2_500);
    slow.inject({ kind: "silence", count: 1 });
    await world.clock.advanceUntil(() => world.counters(started).timeouts === 1, 2_000);
    const { requests } = world.counters(started);
    world.serial.vanish(PATH);
    await world.clock.advance(1_000);
    world.serial.restore(PATH);
    await world.clock.advance(3_990);
    expect(started.status(false).state).toBe("open");
    expect(world.counters(started).requests).toBe(requests);
    await world.clock.advance(100);
    expect(world.counters(started).requests).toBeGreaterThan(requests);
  });

  test("to what was asked before the port was lost is never taken for the answer to what is asked after", async () => {
    await using world = busWorld();
    const [slow] = world.devices([1], 200);
    if (slow === undefined) throw new Error("no device");
    world.line([slow]);
    const { points } = registers(2);
    const far = points.map((one, i) => ({ ...one, address: i * 30 }));
    const started = world.start(bus("line", [device("d1", 1, { points: far })]));
    for (let round = 0; round < 20; round++) {
      await world.clock.advance(1_000 + 37 * round);
      const before = world.counters(started).requests;
      await world.clock.advanceUntil(() => world.counters(started).requests > before, 5_000);
      // between the request and its answer, so that the line is opened again at once
      await world.clock.advance(50);
      world.serial.vanish(PATH);
      world.serial.restore(PATH);
    }
    await world.clock.advance(5_000);
    expect(world.counters(started).reopened).toBe(20);
    const read = world.samples.filter(({ value }) => value !== null);
    expect(read.length).toBeGreaterThan(1);
    for (const { point, value } of read) expect(value).toBe(1_000 + 30 * point);
    expect(world.deviceStatus(started, "d1").points.map(({ quality }) => quality)).toEqual(["good", "good"]);
  });
});

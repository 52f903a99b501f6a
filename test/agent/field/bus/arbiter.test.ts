import { describe, expect, test } from "vitest";
import type { Outcome } from "../../../../agent/field/bus/request.ts";
import { URGENT_WAITING_MAX } from "../../../../agent/field/bus/urgent-queue.ts";
import { ModbusDevice } from "../../../../simulator/modbus/index.ts";
import { readIdentity } from "../../../../agent/field/bus/identity.ts";
import { busWorld } from "../world.ts";
import { bus, device, point, registers, rtu, tcpBus } from "../snapshots.ts";

describe("an arbiter", () => {
  test("lets a write overtake every waiting poll", async () => {
    await using world = busWorld();
    const devices = world.devices([1, 2, 3]);
    world.line(devices);
    const full = { ...registers(40, { pollMs: 20 }), pollMs: 20 };
    const started = world.start(
      bus(
        "line",
        [1, 2, 3].map((unit) => device(`d${unit}`, unit, full)),
      ),
    );
    await world.clock.advance(3_000);
    let requests = 0;
    const before = world.counters(started).requests;
    let outcome: Outcome | undefined;
    started.submit({
      request: { function: 6, unit: 2, address: 63, value: 7 },
      timeoutMs: 300,
      gapMs: 0,
      done(said) {
        outcome = said;
        requests = world.counters(started).requests - before;
      },
    });
    await world.clock.advance(500);
    expect(outcome).toEqual({ kind: "done" });
    // at most the one that was under way before it
    expect(requests).toBeLessThanOrEqual(1);
    expect(devices[1]?.holdingRegisters.read(63, 1)).toEqual([7]);
  });

  test("is never late with its next step while it polls, would be if nobody took it, and is not without a line", async () => {
    await using world = busWorld();
    world.line(world.devices([1]));
    const polled = world.start(bus("line", [device("d1", 1)]));
    const missing = world.start(tcpBus("none", "10.0.0.99", [device("d2", 1)]));
    for (let seconds = 0; seconds < 5; seconds++) {
      await world.clock.advance(1_000);
      expect(polled.lateMs(world.clock.monotonicMs())).toBe(0);
    }
    expect(polled.lateMs(world.clock.monotonicMs() + 60_000)).toBeGreaterThan(50_000);
    expect(missing.lateMs(world.clock.monotonicMs() + 60_000)).toBe(0);
  });

  test.each(["rtu", "tcp"] as const)("speaks every function (%s)", async (kind) => {
    await using world = busWorld();
    const [stock] = world.devices([1]);
    if (stock === undefined) throw new Error("no device");
    if (kind === "rtu") world.line([stock]);
    else await world.socket("10.0.0.5", [stock]);
    const devices = [device("d1", 1)];
    const started = world.start(kind === "rtu" ? bus("b", devices) : tcpBus("b", "10.0.0.5", devices));
    await world.clock.advance(1_500);
    const ask = (request: Parameters<typeof world.ask>[1]): Promise<Outcome> => world.ask(started, request);
    expect(await ask({ function: 1, unit: 1, address: 0, count: 9 })).toEqual({
      kind: "data",
      bytes: Buffer.of(0b1000_1101, 1),
    });
    expect(await ask({ function: 2, unit: 1, address: 0, count: 1 })).toEqual({ kind: "exception", code: 2 });
    expect(await ask({ function: 4, unit: 1, address: 1, count: 2 })).toEqual({
      kind: "data",
      bytes: Buffer.of(0, 2, 0, 3),
    });
    expect(await ask({ function: 5, unit: 1, address: 1, on: true })).toEqual({ kind: "done" });
    expect(stock.coils.read(1, 1)).toEqual([1]);
    expect(await ask({ function: 6, unit: 1, address: 5, value: 99 })).toEqual({ kind: "done" });
    expect(await ask({ function: 15, unit: 1, address: 0, values: [false, false, true] })).toEqual({ kind: "done" });
    expect(stock.coils.read(0, 3)).toEqual([0, 0, 1]);
    expect(await ask({ function: 16, unit: 1, address: 6, values: [1, 65_535] })).toEqual({ kind: "done" });
    expect(await ask({ function: 22, unit: 1, address: 5, andMask: 0xfff0, orMask: 4 })).toEqual({ kind: "done" });
    expect(stock.holdingRegisters.read(5, 3)).toEqual([0x64, 1, 65_535]);
    expect(await ask({ function: 23, unit: 1, address: 5, count: 2, writeAddress: 5, values: [3, 4] })).toEqual({
      kind: "data",
      bytes: Buffer.of(0, 3, 0, 4),
    });
    expect(await ask({ function: 43, unit: 1, access: 1, object: 0 })).toEqual({ kind: "exception", code: 1 });
  });

  test("reads a device's identification in as many transactions as it takes", async () => {
    await using world = busWorld();
    const objects = {
      0: "Works & Sons",
      1: "PX-1",
      2: "V1.2",
      3: "u".repeat(120),
      4: "p".repeat(120),
      5: "m".repeat(120),
    };
    const talker = new ModbusDevice({
      unit: 1,
      clock: world.clock,
      entropy: world.entropy,
      identification: objects,
    });
    talker.holdingRegisters.store(0, [1]);
    world.line([talker]);
    const started = world.start(bus("b", [device("d1", 1)]));
    await world.clock.advance(1_500);
    const before = world.counters(started).requests;
    let identity: unknown;
    readIdentity(started, { unit: 1, access: 2, timeoutMs: 300, gapMs: 0 }, (said) => void (identity = said));
    await world.clock.advance(5_000);
    expect(identity).toEqual(new Map(Object.entries(objects).map(([id, text]) => [Number(id), text])));
    expect(world.counters(started).requests - before).toBe(5 + 2);
  });

  test("refuses a broadcast unless the bus allows it, and then leaves everybody time to act", async () => {
    await using world = busWorld();
    const devices = world.devices([1, 2]);
    world.line(devices);
    const polls = { ...registers(4, { pollMs: 50 }), pollMs: 50 };
    const line = [device("d1", 1, polls), device("d2", 2, polls)];
    const strict = world.start(bus("strict", line));
    await world.clock.advance(1_500);
    const write = { function: 6, unit: 0, address: 9, value: 4 } as const;
    expect(await world.ask(strict, write)).toEqual({ kind: "broadcast-refused" });
    expect(world.counters(strict).refusedBroadcasts).toBe(1);
    await strict.stop();

    const open = world.start(bus("open", line, { broadcast: true, turnaroundMs: 250 }));
    await world.clock.advance(1_500);
    expect(await world.ask(open, { function: 3, unit: 0, address: 9, count: 1 })).toEqual({
      kind: "broadcast-refused",
    });
    const traceFrom = world.serial.trace("/dev/ttyS0").length;
    expect(await world.ask(open, write)).toEqual({ kind: "done" });
    await world.clock.advance(100);
    const sent = world.serial.trace("/dev/ttyS0").slice(traceFrom);
    const broadcastAt = sent.findIndex(({ byte, direction }) => direction === "out" && byte === 0);
    const [end, next] = sent.slice(broadcastAt + 7);
    const turnaroundMs = (next?.startMs ?? 0) - (end?.endMs ?? 0);
    expect(turnaroundMs).toBeGreaterThanOrEqual(250);
    expect(turnaroundMs).toBeLessThan(260);
    expect(devices.map((one) => one.holdingRegisters.read(9, 1)[0])).toEqual([4, 4]);
    expect(world.counters(open).timeouts).toBe(0);
  });

  test("keeps a device's own gap before each of its requests", async () => {
    await using world = busWorld();
    world.line(world.devices([1, 2]));
    const polls = { ...registers(2, { pollMs: 60 }), pollMs: 60 };
    world.start(bus("line", [device("d1", 1, polls), device("d2", 2, { ...polls, requestGapMs: 40 })]));
    await world.clock.advance(10_000);
    const gaps = new Map<number, number>();
    let last = { endMs: Number.NEGATIVE_INFINITY, direction: "in" };
    for (const character of world.serial.trace("/dev/ttyS0")) {
      if (character.direction === "out" && last.direction === "in") {
        const gap = character.startMs - last.endMs;
        gaps.set(character.byte, Math.min(gap, gaps.get(character.byte) ?? Number.POSITIVE_INFINITY));
      }
      last = character;
    }
    expect(gaps.get(1)).toBeLessThan(5);
    expect(gaps.get(2)).toBeGreaterThanOrEqual(40 + (3.5 * 11) / 9.6);
  });

  test("bounds what may wait, and answers whoever is over the bound at once", async () => {
    await using world = busWorld();
    world.line(world.devices([1]));
    const started = world.start(bus("line", [device("d1", 1)]));
    await world.clock.advance(1_500);
    const outcomes: string[] = [];
    for (let i = 0; i < URGENT_WAITING_MAX + 10; i++) {
      started.submit({
        request: { function: 6, unit: 1, address: 0, value: i },
        timeoutMs: 300,
        gapMs: 0,
        done: ({ kind }) => void outcomes.push(kind),
      });
    }
    expect(outcomes.filter((kind) => kind === "busy").length).toBe(9);
    await world.clock.advance(10_000);
    expect(outcomes.filter((kind) => kind === "done").length).toBe(URGENT_WAITING_MAX + 1);
  });

  test("answers writes at once where the bus is down", async () => {
    await using world = busWorld();
    world.serial.wire("/dev/ttyS0", rtu());
    world.serial.vanish("/dev/ttyS0");
    const started = world.start(bus("line", [device("d1", 1)]));
    await world.clock.advance(1_500);
    expect(await world.ask(started, { function: 6, unit: 1, address: 0, value: 1 })).toEqual({ kind: "bus-down" });
  });

  test("keeps every poll's phase for ever, and counts the polls of a bus that cannot keep up", async () => {
    await using world = busWorld();
    const devices = world.devices([1, 2]);
    world.line(devices);
    const started = world.start(
      bus("line", [
        device("d1", 1, { points: [point("fast", { pollMs: 250 }), point("slow", { address: 9, pollMs: 1_000 })] }),
        device("d2", 2, { points: [point("other", { pollMs: 333 })] }),
      ]),
    );
    await world.clock.advance(1_000_000);
    const { requests, latePolls } = world.counters(started);
    expect(latePolls).toBe(0);
    expect(requests).toBeGreaterThanOrEqual(4_000 + 1_000 + 3_003);
    expect(requests).toBeLessThanOrEqual(4_000 + 1_000 + 3_003 + 3);
    await started.stop();

    const slow = world.start(
      bus(
        "full",
        [1, 2].map((unit) => device(`f${unit}`, unit, { ...registers(40, { pollMs: 20 }), pollMs: 20 })),
      ),
    );
    const before = devices.map(({ counters }) => counters.requests);
    await world.clock.advance(60_000);
    const full = world.counters(slow);
    expect(full.latePolls).toBeGreaterThan(full.requests * 0.9);
    const [one = 0, two = 0] = devices.map(({ counters }, i) => counters.requests - (before[i] as number));
    expect(Math.abs(one - two)).toBeLessThanOrEqual(1);
  });

  test("starts over after a fault of its own, and no other bus notices", async () => {
    await using world = busWorld();
    world.line(world.devices([1]), rtu({ path: "/dev/ttyS1" }));
    world.line(world.devices([1]), rtu({ path: "/dev/ttyS2" }));
    const bad = world.start(bus("bad", [device("d1", 1)], { transport: rtu({ path: "/dev/ttyS1" }) }));
    const good = world.start(bus("good", [device("d2", 1)], { transport: rtu({ path: "/dev/ttyS2" }) }));
    await world.clock.advance(1_500);
    const [source] = bad.sources;
    if (source === undefined) throw new Error("no source");
    const read = source.read.bind(source);
    source.read = () => {
      source.read = read;
      throw new Error("a bug of ours");
    };
    await world.clock.advance(1_000);
    expect(bad.status(false)).toMatchObject({
      state: "waiting",
      lastFault: { code: "BUS_CRASHED", message: "a bug of ours" },
    });
    await world.clock.advance(5_000);
    expect(bad.status(false)).toMatchObject({ state: "open", counters: { reopened: 1 } });
    expect(world.deviceStatus(bad, "d1").points[0]).toMatchObject({ quality: "good" });
    expect(world.counters(good)).toMatchObject({ requests: 8, replies: 8, reopened: 0 });
  });

  test("starts over ever more seldom where the fault stays, and as soon as ever after a minute without one", async () => {
    await using world = busWorld();
    world.line(world.devices([1]));
    const started = world.start(bus("bad", [device("d1", 1)]));
    const [source] = started.sources;
    if (source === undefined) throw new Error("no source");
    const read = source.read.bind(source);
    const fail = (): never => {
      throw new Error("a bug of ours");
    };
    source.read = fail;
    // 1, 2, 4, 8 and 16 s, then 30 s each
    await world.clock.advance(300_000);
    expect(world.counters(started).requests).toBeGreaterThan(11);
    expect(world.counters(started).requests).toBeLessThan(16);
    source.read = read;
    await world.clock.advance(120_000);
    source.read = fail;
    await world.clock.advance(1_500);
    source.read = read;
    await world.clock.advance(3_000);
    expect(world.deviceStatus(started, "d1")).toMatchObject({ online: true, points: [{ quality: "good" }] });
  });
});

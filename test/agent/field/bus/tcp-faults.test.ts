import { describe, expect, test } from "vitest";
import type { Injection } from "../../../../simulator/modbus/index.ts";
import type { BusCounters } from "../../../../agent/contract/status.ts";
import { busWorld } from "../world.ts";
import { bus, device, registers, rtu, tcpBus } from "../snapshots.ts";

const HOST = "10.0.0.5";

describe("a fault on a socket", () => {
  test.each<{ fault: Injection; counted?: keyof BusCounters; reason?: string }>([
    { fault: { kind: "wrong-transaction", count: 1 }, counted: "foreignFrames", reason: "no-reply" },
    { fault: { kind: "wrong-protocol", count: 1 }, counted: "foreignFrames", reason: "no-reply" },
    { fault: { kind: "wrong-unit", count: 1 }, counted: "foreignFrames", reason: "no-reply" },
    { fault: { kind: "late-reply", ms: 500, count: 1 }, counted: "lateReplies", reason: "no-reply" },
    { fault: { kind: "short-frame", count: 1 }, counted: "shortFrames", reason: "bad-frame" },
    { fault: { kind: "long-frame", count: 1 }, counted: "longFrames", reason: "bad-frame" },
    { fault: { kind: "exception", code: 2, count: 1 }, counted: "exceptions", reason: "exception" },
    { fault: { kind: "duplicated-reply", count: 1 }, counted: "foreignFrames" },
    { fault: { kind: "two-replies", count: 1 }, counted: "foreignFrames" },
    { fault: { kind: "split-bytes", count: 1 } },
    { fault: { kind: "oversize-length", count: 1 }, counted: "longFrames" },
    { fault: { kind: "disconnect", count: 1 }, counted: "reopened" },
  ])("$fault.kind is counted, shown and over with the next good reply", async ({ fault, counted, reason }) => {
    await using world = busWorld();
    const [struck] = world.devices([1]);
    if (struck === undefined) throw new Error("no device");
    await world.socket(HOST, [struck]);
    const started = world.start(tcpBus("socket", HOST, [device("d1", 1, registers(10))]));
    await world.clock.advance(5_100);
    const before = world.counters(started);
    struck.inject(fault);
    await world.clock.advance(1_700);
    const after = world.counters(started);
    if (counted !== undefined) expect(after[counted]).toBe(before[counted] + 1);
    const bad = world.samples.filter(({ reason: why }) => why !== "ok").map(({ reason: why }) => why);
    expect(bad).toEqual(reason === undefined ? [] : Array.from({ length: 10 }, () => reason));
    await world.clock.advance(2_000);
    expect(world.deviceStatus(started, "d1").points[3]).toMatchObject({ value: 1_003, quality: "good" });
    for (const { value, point } of world.samples) expect([null, 1_000 + point]).toContain(value);
    if (fault.kind === "oversize-length") {
      expect(started.status(false)).toMatchObject({ state: "open", lastFault: { code: "BUS_FRAME_MALFORMED" } });
    }
  });

  test("an answer is never taken for another request, whatever comes late, twice or for somebody else", async () => {
    await using world = busWorld(3);
    const devices = world.devices([1, 2]);
    await world.socket(HOST, devices);
    const fast = { ...registers(8, { pollMs: 50 }), pollMs: 50, timeoutMs: 60 };
    const started = world.start(tcpBus("socket", HOST, [device("d1", 1, fast), device("d2", 2, fast)]));
    for (const faulty of devices) {
      faulty.inject({ kind: "late-reply", ms: 70, probability: 0.1 });
      faulty.inject({ kind: "wrong-transaction", probability: 0.05 });
      faulty.inject({ kind: "wrong-unit", probability: 0.05 });
      faulty.inject({ kind: "duplicated-reply", probability: 0.1 });
      faulty.inject({ kind: "two-replies", probability: 0.1 });
      faulty.inject({ kind: "disconnect", probability: 0.01 });
    }
    await world.clock.advance(120_000);
    expect(world.samples.length).toBeGreaterThan(500);
    for (const { source, value, point } of world.samples) {
      expect([null, Number(source.slice(1)) * 1_000 + point]).toContain(value);
    }
    expect(world.counters(started).lateReplies).toBeGreaterThan(10);
  });
});

describe("a request on a socket", () => {
  test("goes out whole, in one write, and the first one's transaction id cannot be foreseen", async () => {
    const firsts = new Set<number>();
    for (const seed of [1, 2, 3]) {
      await using world = busWorld(seed);
      const chunks: Buffer[] = [];
      await world.network.listen({ kind: "tcp", host: HOST, port: 502 }, (stream) => {
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      });
      world.start(tcpBus("socket", HOST, [device("d1", 1, registers(10))]));
      await world.clock.advance(1_500);
      expect(chunks.length).toBeGreaterThan(0);
      for (const chunk of chunks) expect(chunk.length).toBe(6 + chunk.readUInt16BE(4));
      firsts.add(chunks[0]?.readUInt16BE(0) ?? 0);
    }
    expect(firsts.size).toBe(3);
  });
});

describe("a lost connection", () => {
  test.each([
    { how: "refused", timeoutMs: 1_000 },
    { how: "silent", timeoutMs: 1_000 },
    { how: "silent", timeoutMs: 1_700 },
    { how: "silent", timeoutMs: 5_000 },
    { how: "refused", timeoutMs: 60_000 },
    { how: "silent", timeoutMs: 60_000 },
  ])(
    "is open again within 2 s whenever the device comes back ($how, timeout $timeoutMs ms)",
    async ({ how, timeoutMs }) => {
      for (let seed = 1; seed <= 40; seed++) {
        await using world = busWorld(seed);
        await world.socket(HOST, world.devices([1]));
        const started = world.start(tcpBus("socket", HOST, [device("d1", 1, { timeoutMs })]));
        await world.clock.advance(2_500);
        if (how === "refused") world.network.refuse(HOST, 502);
        else world.network.blackhole(HOST, 502);
        world.network.cut(HOST, 502);
        await world.clock.advance(20_000 + 43 * seed);
        expect(started.status(false).state).not.toBe("open");
        world.network.restore(HOST, 502);
        await world.clock.advanceUntil(() => started.status(false).state === "open", 2_000);
      }
    },
  );

  test("is noticed although one device of it is asked too seldom to fall silent", async () => {
    await using world = busWorld();
    const devices = world.devices([1, 2, 3]);
    await world.socket(HOST, devices);
    const started = world.start(
      tcpBus("gw", HOST, [device("d1", 1, registers(1, { pollMs: 600_000 })), device("d2", 2), device("d3", 3)]),
    );
    await world.clock.advance(5_500);
    world.network.blackhole(HOST, 502);
    await world.clock.advance(15_000);
    expect(started.status(false).state).not.toBe("open");
    expect(world.deviceStatus(started, "d1")).toMatchObject({ online: false });
  });

  test.each(["refused", "silent"] as const)(
    "is open again within 2 s of the device coming back (%s meanwhile)",
    async (how) => {
      await using world = busWorld();
      await world.socket(HOST, world.devices([1]));
      const started = world.start(tcpBus("socket", HOST, [device("d1", 1, { timeoutMs: 500 })]));
      await world.clock.advance(2_500);
      if (how === "refused") world.network.refuse(HOST, 502);
      else world.network.blackhole(HOST, 502);
      if (how === "refused") world.network.cut(HOST, 502);
      await world.clock.advance(20_000);
      expect(started.status(true)).toMatchObject({
        lastFault: { code: how === "refused" ? "HAL_CONNECT_REFUSED" : "HAL_CONNECT_TIMEOUT" },
        devices: [{ online: false, points: [{ value: 1_000, quality: "stale", reason: "bus-down" }] }],
      });
      world.network.restore(HOST, 502);
      await world.clock.advance(2_000);
      expect(started.status(true)).toMatchObject({
        state: "open",
        counters: { reopened: 1 },
        devices: [{ online: true, points: [{ value: 1_000, quality: "good" }] }],
      });
    },
  );

  test("that is made again at once costs no quality", async () => {
    await using world = busWorld();
    const server = await world.socket(HOST, world.devices([1]));
    const started = world.start(tcpBus("socket", HOST, [device("d1", 1)]));
    await world.clock.advance(2_500);
    server.disconnect();
    await world.clock.advance(2_500);
    expect(world.counters(started)).toMatchObject({ reopened: 1, requests: 6, replies: 6, latePolls: 0 });
    expect(world.samples.map(({ reason }) => reason)).toEqual(["ok"]);
  });

  test("a peer that closes every connection at once is not stormed", async () => {
    await using world = busWorld();
    let accepted = 0;
    await world.network.listen({ kind: "tcp", host: HOST, port: 502 }, (stream) => {
      accepted++;
      stream.destroy();
    });
    const started = world.start(tcpBus("socket", HOST, [device("d1", 1)]));
    await world.clock.advance(60_000);
    expect(accepted).toBeGreaterThan(60);
    expect(accepted).toBeLessThan(90);
    expect(started.status(false).lastFault?.code).toBe("BUS_CONNECTION_CLOSED");
  });

  test("a peer that accepts and never answers is left and tried again, with growing pauses", async () => {
    await using world = busWorld();
    const [mute] = world.devices([1]);
    if (mute === undefined) throw new Error("no device");
    mute.inject({ kind: "silence" });
    await world.socket(HOST, [mute]);
    const started = world.start(tcpBus("socket", HOST, [device("d1", 1, { probeMsMax: 10_000 })]));
    await world.clock.advance(120_000);
    expect(world.counters(started).requests).toBeLessThan(25);
    expect(world.counters(started).reopened).toBeGreaterThan(3);
    mute.clear();
    await world.clock.advance(11_000);
    expect(world.deviceStatus(started, "d1").online).toBe(true);
  });
});

describe("a serial port", () => {
  test("that vanishes is open again within 2 s of coming back, and nobody restarts anything", async () => {
    await using world = busWorld();
    world.line(world.devices([1]), rtu());
    const started = world.start(bus("line", [device("d1", 1)]));
    await world.clock.advance(2_500);
    world.serial.vanish("/dev/ttyS0");
    await world.clock.advance(15_000);
    expect(started.status(true)).toMatchObject({
      lastFault: { code: "HAL_PORT_UNKNOWN" },
      devices: [{ online: false, points: [{ quality: "stale", reason: "bus-down" }] }],
    });
    world.serial.restore("/dev/ttyS0");
    await world.clock.advance(2_000);
    expect(started.status(true)).toMatchObject({
      state: "open",
      counters: { reopened: 1 },
      devices: [{ online: true, points: [{ value: 1_000, quality: "good" }] }],
    });
  });
});

import { describe, expect, test } from "vitest";
import { busWorld } from "../world.ts";
import { bus, device, field, point, registers, rtu, tcpBus } from "../snapshots.ts";

describe("a dead device", () => {
  const units = Array.from({ length: 32 }, (_, i) => i + 1);

  test.each([1, 8])("%i of 32 slaves powered off cost the others at most a twentieth on a full line", async (off) => {
    await using world = busWorld();
    const devices = world.devices(units, 2);
    world.line(devices);
    // asked for more often than the line can carry: it is never idle
    const full = { ...registers(20, { pollMs: 100 }), pollMs: 100 };
    world.start(
      bus(
        "line",
        units.map((unit) => device(`d${unit}`, unit, full)),
      ),
    );
    await world.clock.advance(10_000);
    const others = devices.slice(off);
    const served = (): number => others.reduce((sum, { counters }) => sum + counters.replies, 0);

    const before = served();
    await world.clock.advance(60_000);
    const healthy = served() - before;
    for (const dead of devices.slice(0, off)) dead.inject({ kind: "silence" });
    await world.clock.advance(off === 1 ? 0 : 30_000);
    const start = served();
    await world.clock.advance(60_000);
    // the dead no longer use their own share, so time lost to them is compared with the whole line
    const share = healthy / others.length;
    const lost = 1 - (served() - start) / (share * 32);
    expect(lost).toBeLessThanOrEqual(0.05);

    for (const dead of devices) dead.clear();
    await world.clock.advance(200_000);
    expect(world.turns.filter(({ online }) => online).map(({ source }) => source)).toContain("d1");
    const online = new Map(world.turns.map(({ source, online: is }) => [source, is]));
    expect([...online.values()].every(Boolean)).toBe(true);
  });

  test("is offline after two timeouts, probed with growing pauses and back at once when it answers", async () => {
    await using world = busWorld();
    const [first] = world.devices([1]);
    if (first === undefined) throw new Error("no device");
    world.line([first]);
    const started = world.start(bus("line", [device("d1", 1, { ...registers(3), probeMsMax: 8_000 })]));
    await world.clock.advance(2_500);
    first.inject({ kind: "silence" });
    await world.clock.advance(3_000);
    expect(world.turns.map(({ online }) => online)).toEqual([true, false]);
    expect(world.deviceStatus(started, "d1")).toMatchObject({
      online: false,
      points: [{ reason: "no-reply" }, {}, {}],
    });

    const asked: number[] = [];
    for (let ms = 0; ms < 60_000; ms += 50) {
      const before = world.counters(started).requests;
      await world.clock.advance(50);
      if (world.counters(started).requests > before) asked.push(world.clock.monotonicMs());
    }
    const pauses = asked.slice(1).map((atMs, i) => atMs - (asked[i] as number));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(8_000 + 350);
    expect(Math.min(...pauses.slice(-3))).toBeGreaterThan(5_900);

    first.clear();
    await world.clock.advance(9_000);
    expect(world.deviceStatus(started, "d1")).toMatchObject({ online: true, points: [{ quality: "good" }, {}, {}] });
    const requests = world.counters(started).requests;
    await world.clock.advance(10_000);
    expect(world.counters(started).requests - requests).toBe(10);
    expect(world.counters(started).latePolls).toBe(0);
  });

  test("that is let alone shows none of its values as good, even where only one of its requests went unanswered", async () => {
    await using world = busWorld();
    const devices = world.devices(units, 2);
    world.line(devices);
    const full = { ...registers(20, { pollMs: 100 }), pollMs: 100 };
    const several = { points: [point("a"), point("b", { address: 9 })] };
    const started = world.start(
      bus("line", [device("d1", 1, several), ...units.slice(1).map((unit) => device(`d${unit}`, unit, full))]),
    );
    for (const silent of devices.slice(1, 6)) silent.inject({ kind: "silence" });
    await world.clock.advanceUntil(() => (devices[0]?.counters.replies ?? 0) === 3, 60_000);
    devices[0]?.inject({ kind: "silence" });
    const { timeouts } = world.deviceStatus(started, "d1");
    await world.clock.advanceUntil(() => world.deviceStatus(started, "d1").timeouts > timeouts, 60_000);
    await world.clock.advance(5_000);
    expect(world.deviceStatus(started, "d1").timeouts).toBe(timeouts + 1);
    expect(world.deviceStatus(started, "d1").points.map(({ reason }) => reason)).toEqual(["no-reply", "no-reply"]);
  });

  test("a single lost reply neither takes a device offline nor slows it down", async () => {
    await using world = busWorld();
    const devices = world.devices([1, 2, 3, 4], 2);
    world.line(devices);
    const full = { ...registers(10, { pollMs: 300 }), pollMs: 300, lateReplyMs: 0, timeoutMs: 100 };
    const started = world.start(
      bus(
        "line",
        [1, 2, 3, 4].map((unit) => device(`d${unit}`, unit, full)),
      ),
    );
    await world.clock.advance(5_000);
    const before = world.counters(started);
    devices[0]?.inject({ kind: "silence", count: 1 });
    await world.clock.advance(30_000);
    const after = world.counters(started);
    expect(after.timeouts - before.timeouts).toBe(1);
    expect(after.requests - before.requests).toBeGreaterThanOrEqual(398);
    expect(world.turns.every(({ online }) => online)).toBe(true);
  });

  test.each([1, 3, 7])(
    "is not what a noisy line makes of its devices, even when it is full (seed %i)",
    async (seed) => {
      await using world = busWorld(seed);
      const devices = world.devices(units, 2);
      world.line(devices);
      const full = { ...registers(20, { pollMs: 100 }), pollMs: 100 };
      world.start(
        bus(
          "line",
          units.map((unit) => device(`d${unit}`, unit, full)),
        ),
      );
      for (const one of devices) one.inject({ kind: "lost-reply", probability: 0.03 });
      await world.clock.advance(300_000);
      const replies = devices.map(({ counters }) => counters.replies);
      const fair = replies.reduce((sum, count) => sum + count, 0) / devices.length;
      expect(fair).toBeGreaterThan(80);
      expect(Math.min(...replies)).toBeGreaterThan(fair * 0.6);
    },
  );

  test("one on a TCP gateway that answers for it with exception 11 is probed like one that is silent", async () => {
    await using world = busWorld();
    await world.socket("10.0.0.5", world.devices([1]), "exception");
    const started = world.start(
      tcpBus("gw", "10.0.0.5", [device("d1", 1, registers(3)), device("d2", 2, registers(3))]),
    );
    await world.clock.advance(60_000);
    expect(world.deviceStatus(started, "d2")).toMatchObject({ online: false });
    expect(world.deviceStatus(started, "d2").exceptions).toBeLessThan(12);
    expect(world.deviceStatus(started, "d1")).toMatchObject({ online: true });
    expect(world.counters(started).reopened).toBe(0);
  });

  test.each(["rtu", "tcp refused", "tcp silent"] as const)(
    "is asked at once on a line that was away, however long its pauses had become (%s)",
    async (kind) => {
      await using world = busWorld();
      const [first] = world.devices([1]);
      if (first === undefined) throw new Error("no device");
      world.line([first]);
      await world.socket("10.0.0.5", [first]);
      const devices = [device("d1", 1, { probeMsMax: 600_000 })];
      const started = world.start(kind === "rtu" ? bus("b", devices) : tcpBus("b", "10.0.0.5", devices));
      await world.clock.advance(2_500);
      first.inject({ kind: "silence" });
      await world.clock.advance(700_000);
      expect(world.deviceStatus(started, "d1")).toMatchObject({ online: false });
      world.serial.vanish("/dev/ttyS0");
      if (kind === "tcp refused") world.network.refuse("10.0.0.5", 502);
      else world.network.blackhole("10.0.0.5", 502);
      world.network.cut("10.0.0.5", 502);
      await world.clock.advance(10_000);
      first.clear();
      world.serial.restore("/dev/ttyS0");
      world.network.restore("10.0.0.5", 502);
      await world.clock.advance(2_000);
      expect(world.deviceStatus(started, "d1")).toMatchObject({ online: true, points: [{ quality: "good" }] });
    },
  );

  const RARE = { points: [point("often"), point("rarely", { address: 9, pollMs: 600_000 })] };

  test.each(["device", "line"] as const)(
    "has good values at once when it is back, also those read rarely (%s)",
    async (away) => {
      await using world = busWorld();
      const [first] = world.devices([1]);
      if (first === undefined) throw new Error("no device");
      world.line([first]);
      const started = world.start(bus("line", [device("d1", 1, RARE)]));
      await world.clock.advance(5_500);
      if (away === "device") first.inject({ kind: "silence" });
      else world.serial.vanish("/dev/ttyS0");
      await world.clock.advance(10_000);
      const stale = [{ quality: "stale" }, { quality: "stale" }];
      expect(world.deviceStatus(started, "d1")).toMatchObject({ online: false, points: stale });
      first.clear();
      world.serial.restore("/dev/ttyS0");
      await world.clock.advanceUntil(() => world.deviceStatus(started, "d1").online, 10_000);
      await world.clock.advance(500);
      expect(world.deviceStatus(started, "d1")).toMatchObject({ points: [{ quality: "good" }, { quality: "good" }] });
      expect(world.counters(started).latePolls).toBe(0);
    },
  );

  test("is no device that leaves one rare question unanswered, and that one is not asked more often", async () => {
    await using world = busWorld();
    const [first] = world.devices([1]);
    if (first === undefined) throw new Error("no device");
    world.line([first]);
    const points = [point("often"), point("rarely", { table: "input-register", pollMs: 20_000 })];
    const started = world.start(bus("line", [device("d1", 1, { points })]));
    await world.clock.advance(10_500);
    const exchange = first.exchange.bind(first);
    first.exchange = (pdu) => (pdu[0] === 4 ? { reply: undefined, delayMs: 0, faults: [] } : exchange(pdu));
    await world.clock.advance(100_000);
    expect(world.deviceStatus(started, "d1")).toMatchObject({ online: true, points: [{ quality: "good" }, {}] });
    expect(world.counters(started).timeouts).toBe(5);
  });

  test("nothing of one bus waits for another", async () => {
    await using world = busWorld();
    world.line(world.devices([1]), rtu({ path: "/dev/ttyS1" }));
    const dead = world.devices([1]);
    for (const one of dead) one.inject({ kind: "silence" });
    world.line(dead, rtu({ path: "/dev/ttyS2" }));
    const snapshots = field([
      bus("good", [device("d1", 1)], { transport: rtu({ path: "/dev/ttyS1" }) }),
      bus("dead", [device("d2", 1, { timeoutMs: 5_000 })], { transport: rtu({ path: "/dev/ttyS2" }) }),
      bus("gone", [device("d3", 1)], { transport: rtu({ path: "/dev/ttyS3" }) }),
      tcpBus("away", "10.0.0.9", [device("d4", 1)]),
    ]);
    world.network.blackhole("10.0.0.9", 502);
    world.serial.wire("/dev/ttyS3", rtu());
    world.serial.vanish("/dev/ttyS3");
    const [good] = snapshots.buses.map((snapshot) => world.start(snapshot));
    if (good === undefined) throw new Error("no bus");
    await world.clock.advance(30_500);
    expect(world.counters(good)).toMatchObject({ requests: 31, replies: 31, latePolls: 0 });
  });
});

import { describe, expect, test } from "vitest";
import type { Outcome, Request } from "../../../../agent/field/bus/request.ts";
import { busWorld } from "../world.ts";
import { bus, device, registers, rtu, tcpBus } from "../snapshots.ts";

const PATH = "/dev/ttyS0";
const HOST = "10.0.0.5";
const write: Request = { function: 6, unit: 1, address: 1, value: 7 };

describe("a write", () => {
  test("to a unit that owes an answer waits until it is too late for that one", async () => {
    await using world = busWorld();
    const [slow] = world.devices([1]);
    if (slow === undefined) throw new Error("no device");
    world.line([slow]);
    const started = world.start(bus("line", [device("d1", 1, { lateReplyMs: 2_000 })]));
    await world.clock.advance(2_500);
    slow.inject({ kind: "silence", count: 1 });
    await world.clock.advanceUntil(() => world.counters(started).timeouts === 1, 2_000);
    const timedOutMs = world.clock.monotonicMs();
    started.submit({ request: write, timeoutMs: 300, gapMs: 0, done() {} });
    await world.clock.advanceUntil(() => world.counters(started).writes === 1, 5_000);
    const waitedMs = Math.round(world.clock.monotonicMs() - timedOutMs);
    expect(waitedMs).toBeGreaterThanOrEqual(2_000);
    expect(waitedMs).toBeLessThan(2_100);
  });

  test.each(["rtu", "tcp"] as const)("without an answer makes values as stale as a poll does (%s)", async (kind) => {
    await using world = busWorld();
    const [silent, other] = world.devices([1, 2]);
    if (silent === undefined || other === undefined) throw new Error("no devices");
    world.line([silent, other]);
    await world.socket(HOST, [silent, other]);
    const rare = registers(2, { pollMs: 600_000 });
    const devices = [device("d1", 1, { ...rare, pollMs: 600_000 }), device("d2", 2)];
    const started = world.start(kind === "rtu" ? bus("b", devices) : tcpBus("b", HOST, devices));
    await world.clock.advance(2_500);
    expect(world.deviceStatus(started, "d1").points.map(({ quality }) => quality)).toEqual(["good", "good"]);
    silent.inject({ kind: "silence" });
    expect(await world.ask(started, write)).toEqual({ kind: "silence", damaged: false });
    expect(world.deviceStatus(started, "d1")).toMatchObject({
      lastFault: { code: "DEVICE_NO_REPLY" },
      points: [{ reason: "no-reply" }, { reason: "no-reply" }],
    });
    expect(world.deviceStatus(started, "d1").online).toBe(true);
    await world.ask(started, write);
    expect(world.deviceStatus(started, "d1").online).toBe(false);
    expect(world.deviceStatus(started, "d2")).toMatchObject({ online: true, points: [{ quality: "good" }] });
    silent.clear();
    expect(await world.ask(started, write)).toEqual({ kind: "done" });
    await world.clock.advance(1_000);
    expect(world.deviceStatus(started, "d1")).toMatchObject({ online: true, points: [{ quality: "good" }, {}] });
  });

  test("that is answered says that its connection lives, whatever polls go unanswered", async () => {
    await using world = busWorld();
    const [mute, other] = world.devices([1, 2]);
    if (mute === undefined || other === undefined) throw new Error("no devices");
    mute.inject({ kind: "silence" });
    await world.socket(HOST, [mute, other]);
    const rare = registers(1, { pollMs: 600_000 });
    const started = world.start(
      tcpBus("gw", HOST, [device("d1", 1, { probeMsMax: 1_000 }), device("d2", 2, { ...rare, pollMs: 600_000 })]),
    );
    await world.clock.advance(2_500);
    for (let i = 0; i < 20; i++) {
      await world.ask(started, { ...write, unit: 2 });
      await world.clock.advance(1_000);
    }
    expect(world.deviceStatus(started, "d1").timeouts).toBeGreaterThan(10);
    expect(world.counters(started).reopened).toBe(0);
  });

  test("keeps its device's own gap", async () => {
    await using world = busWorld();
    world.line(world.devices([1, 2]));
    const polls = { ...registers(2, { pollMs: 60 }), pollMs: 60 };
    const started = world.start(
      bus("line", [device("d1", 1, registers(1, { pollMs: 60_000 })), device("d2", 2, polls)]),
    );
    await world.clock.advance(3_000);
    const traceFrom = world.serial.trace(PATH).length;
    let done = 0;
    for (let i = 0; i < 20; i++) {
      started.submit({ request: write, timeoutMs: 300, gapMs: 40, done: () => done++ });
      await world.clock.advance(97);
    }
    await world.clock.advance(3_000);
    expect(done).toBe(20);
    let last = { endMs: Number.POSITIVE_INFINITY, direction: "out" };
    const gaps: number[] = [];
    for (const character of world.serial.trace(PATH).slice(traceFrom)) {
      const first = character.direction === "out" && last.direction === "in";
      if (first && character.byte === 1) gaps.push(character.startMs - last.endMs);
      last = character;
    }
    expect(gaps.length).toBeGreaterThan(15);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(40 + (3.5 * 11) / 9.6);
  });

  test("that cannot have its turn is given up, and whoever asks again at once disturbs nothing", async () => {
    await using world = busWorld();
    const [mute, other] = world.devices([1, 2]);
    if (mute === undefined || other === undefined) throw new Error("no devices");
    mute.inject({ kind: "silence" });
    await world.socket(HOST, [mute, other]);
    const rare = registers(1, { pollMs: 600_000 });
    const started = world.start(tcpBus("gw", HOST, [device("d1", 1, rare), device("d2", 2)]));
    await world.clock.advance(5_000);
    const outcomes: string[] = [];
    const submit = (unit: number, done: (outcome: Outcome) => void): void =>
      started.submit({ request: { ...write, unit }, timeoutMs: 5_000, gapMs: 0, done });
    const hear = ({ kind }: Outcome): void => void outcomes.push(kind);
    submit(1, hear);
    submit(1, hear);
    submit(1, (outcome) => {
      hear(outcome);
      submit(2, hear);
    });
    await world.clock.advance(9_900);
    expect(outcomes).toEqual(["silence"]);
    await world.clock.advance(200);
    expect(outcomes).toEqual(["silence", "silence", "busy", "done"]);
    expect(world.counters(started)).toMatchObject({ foreignFrames: 0, lateReplies: 0 });
  });

  test("that is under way or waits when the line goes away is answered at once, exactly once", async () => {
    await using world = busWorld();
    world.line(world.devices([1], 100), rtu());
    const started = world.start(bus("line", [device("d1", 1)]));
    await world.clock.advance(2_500);
    const outcomes: Outcome[] = [];
    for (let i = 0; i < 3; i++) {
      started.submit({ request: write, timeoutMs: 300, gapMs: 0, done: (outcome) => void outcomes.push(outcome) });
    }
    await world.clock.advance(20);
    expect(outcomes).toEqual([]);
    world.serial.vanish(PATH);
    expect(outcomes).toEqual(Array.from({ length: 3 }, () => ({ kind: "bus-down" })));
    world.serial.restore(PATH);
    await world.clock.advance(5_000);
    expect(outcomes.length).toBe(3);
  });
});

import { describe, expect, test } from "vitest";
import type { ScalarSnapshot } from "../../../../agent/config/snapshot.ts";
import { standingRefusals } from "../../../../agent/field/outputs/standing-refusals.ts";
import { NOTHING_HELD } from "../../../../agent/field/outputs/state.ts";
import { fieldWorld } from "../field-world.ts";
import { device, point } from "../snapshots.ts";
import { coil, plan, pump, pumping, speed, when } from "./outputs-world.ts";

/** A pump whose coils read: run (1) off, spare (2) off, remote (8) on; level (register 9) is 1009. */
async function pumped(points: readonly ScalarSnapshot[], over: Parameters<typeof pumping>[1] = {}) {
  const world = fieldWorld();
  const [drive] = world.devices([1]);
  if (drive === undefined) throw new Error("no pump");
  drive.coils.write(0, [0, 0, 0, 0]);
  world.line([drive]);
  const channel = await world.keeper();
  await world.configure("one", pumping([pump(points)], over));
  await world.clock.advance(2_500);
  return { world, drive, channel };
}

/** Refused, and nothing of it reached the wire. */
async function refusedOnWire(
  { world, drive }: Awaited<ReturnType<typeof pumped>>,
  name: string,
  value: number | boolean,
): Promise<unknown> {
  const before = (await world.status()).buses[0]?.counters.writes;
  const requests = drive.counters.requests;
  const written = await world.write("pump", name, value);
  expect((await world.status()).buses[0]?.counters.writes).toBe(before);
  expect(drive.counters.requests).toBe(requests);
  return { code: written.code, message: written.message };
}

describe("a commanded write is refused, and nothing reaches the wire,", () => {
  test("on a bus that is listened to only, which no configuration may give outputs anyway", () => {
    const bus = { snapshot: { name: "line", listenOnly: true } };
    const [first] = standingRefusals({ ref: "pump/run", bus }, NOTHING_HELD);
    expect(first).toMatchObject({ code: "WRITE_LISTEN_ONLY" });
  });

  test("while somebody holds the output", async () => {
    const pumps = await pumped([coil("run", 1), coil("spare", 2)]);
    await using world = pumps.world;
    expect(await world.order("hold", ["pump/run"], "impeller is open")).toBeUndefined();
    expect(await refusedOnWire(pumps, "run", true)).toEqual({
      code: "WRITE_HELD",
      message: "held by anna: impeller is open",
    });
    expect(await world.write("pump", "spare", true)).toMatchObject({ readBack: true });
    await world.order("release");
    expect(await world.write("pump", "run", true)).toMatchObject({ readBack: true });
  });

  test("while the plan has it, until it is released, and a release writes nothing", async () => {
    const pumps = await pumped([coil("run", 1)], { plan: plan([{ output: "pump/run", value: false }]) });
    await using world = pumps.world;
    await world.write("pump", "run", true);
    expect(await world.order("to-plan")).toBeUndefined();
    await world.clock.advance(500);
    expect(pumps.drive.coils.read(1, 1)).toEqual([0]);
    expect(await refusedOnWire(pumps, "run", true)).toMatchObject({ code: "WRITE_IN_PLAN" });
    const { writes } = (await world.status()).buses[0]?.counters ?? {};
    expect(await world.order("release")).toBeUndefined();
    await world.clock.advance(5_000);
    expect((await world.status()).buses[0]?.counters.writes).toBe(writes);
    expect(await world.write("pump", "run", true)).toMatchObject({ readBack: true });
  });

  test("while somebody at the machine has authority, or nobody knows", async () => {
    const pumps = await pumped([coil("run", 1, { remoteEnable: when("[pump/remote]") })]);
    await using world = pumps.world;
    pumps.drive.coils.write(8, [0]);
    await world.clock.advance(1_500);
    expect(await refusedOnWire(pumps, "run", true)).toMatchObject({ code: "WRITE_NOT_REMOTE" });
    pumps.drive.coils.write(8, [1]);
    await world.clock.advance(1_500);
    expect(await world.write("pump", "run", true)).toMatchObject({ readBack: true });
    pumps.drive.inject({ kind: "silence" });
    await world.clock.advance(3_000);
    expect(await world.write("pump", "run", false)).toMatchObject({ code: "WRITE_NOT_REMOTE" });
  });

  test("without each permissive, in its own words", async () => {
    const permissives = [
      { when: when("[pump/level] > 1000") },
      { when: when("[pump/level] > 2000"), text: "well too low" },
    ];
    const pumps = await pumped([coil("run", 1, { permissives })]);
    await using _world = pumps.world;
    expect(await refusedOnWire(pumps, "run", true)).toEqual({
      code: "WRITE_NOT_PERMITTED",
      message: "well too low",
    });
    const gone = await pumped([coil("run", 1, { permissives: [{ when: when("[nobody/level] > 1") }] })]);
    await using _gone = gone.world;
    expect(await refusedOnWire(gone, "run", true)).toEqual({
      code: "WRITE_NOT_PERMITTED",
      message: '"[nobody/level] > 1" is not known now',
    });
  });

  test("while one that excludes it is on, is being switched on, may be on, or is not known", async () => {
    const either = [coil("run", 1, { excludes: ["pump/spare"] }), coil("spare", 2, { excludes: ["pump/run"] })];
    const pumps = await pumped(either);
    await using world = pumps.world;
    await world.write("pump", "run", true);
    expect(await refusedOnWire(pumps, "spare", true)).toEqual({
      code: "WRITE_EXCLUDED",
      message: "pump/run is on, and never both",
    });
    expect(await world.write("pump", "spare", false)).toMatchObject({ readBack: false });
    expect(await world.write("pump", "run", false)).toMatchObject({ readBack: false });
    pumps.drive.inject({ kind: "lost-reply", count: 1 });
    expect(await world.write("pump", "run", true)).toMatchObject({ code: "WRITE_NO_REPLY" });
    expect(await world.write("pump", "spare", true)).toMatchObject({ code: "WRITE_EXCLUDED" });
  });

  test("and a list of reasons names what excludes it before anybody commands", async () => {
    const either = [coil("run", 1, { excludes: ["pump/spare"] }), coil("spare", 2, { excludes: ["pump/run"] })];
    const { world } = await pumped(either);
    await using _world = world;
    await world.write("pump", "spare", true);
    const reason = { code: "WRITE_EXCLUDED", message: "pump/spare is on, and never both" };
    expect((await world.status()).outputs?.outputs[0]?.refused).toEqual([reason]);
  });

  test("by the first of two that race: what is reserved counts before it is sent", async () => {
    const either = [coil("run", 1, { excludes: ["pump/spare"] }), coil("spare", 2, { excludes: ["pump/run"] })];
    const { world, drive, channel } = await pumped(either);
    await using _world = world;
    channel.send({ kind: "write", id: 1, source: "pump", point: "run", value: true });
    channel.send({ kind: "write", id: 2, source: "pump", point: "spare", value: true });
    await world.clock.advance(2_000);
    const written = world.heard.filter((message) => message.kind === "written");
    expect(written.map(({ code }) => code)).toEqual(["WRITE_EXCLUDED", undefined]);
    expect(drive.coils.read(1, 2)).toEqual([1, 0]);
  });

  test("sooner than its least interval, also after a start of field", async () => {
    const pumps = await pumped([coil("run", 1, { intervalMsMin: 10_000 })]);
    await using world = pumps.world;
    expect(await refusedOnWire(pumps, "run", true)).toMatchObject({
      code: "WRITE_TOO_SOON",
      message: expect.stringMatching(/field started/),
    });
    await world.clock.advance(10_000);
    expect(await world.write("pump", "run", true)).toMatchObject({ readBack: true });
    await world.clock.advance(9_000);
    expect(await refusedOnWire(pumps, "run", false)).toMatchObject({ code: "WRITE_TOO_SOON" });
    await world.clock.advance(1_500);
    expect(await world.write("pump", "run", false)).toMatchObject({ readBack: false });
  });

  test("sooner than its least interval after another configuration declared it", async () => {
    const pumps = await pumped([coil("run", 1)]);
    await using world = pumps.world;
    await world.clock.advance(60_000);
    await world.configure("two", pumping([pump([coil("run", 1), coil("spare", 2, { intervalMsMin: 10_000 })])]));
    await world.clock.advance(3_000);
    expect(await refusedOnWire(pumps, "spare", true)).toMatchObject({ code: "WRITE_TOO_SOON" });
    await world.clock.advance(8_000);
    expect(await world.write("pump", "spare", true)).toMatchObject({ readBack: true });
  });

  test("faster than its rate, reckoned from the latest command", async () => {
    const pumps = await pumped([speed({ ratePerSecondMax: 5 })]);
    await using world = pumps.world;
    pumps.drive.holdingRegisters.write(3, [20]);
    await world.clock.advance(1_500);
    expect(await world.write("pump", "speed", 30)).toMatchObject({ readBack: 30 });
    await world.clock.advance(1_000);
    expect(await refusedOnWire(pumps, "speed", 60)).toMatchObject({ code: "WRITE_TOO_FAST" });
    await world.clock.advance(5_500);
    expect(await world.write("pump", "speed", 60)).toMatchObject({ readBack: 60 });
  });

  test("without a fresh read-back", async () => {
    const pumps = await pumped([coil("run", 1, { readBackMsMax: 3_000 })]);
    await using world = pumps.world;
    pumps.drive.inject({ kind: "exception", code: 4 });
    await world.clock.advance(2_000);
    expect(await world.write("pump", "run", true)).toMatchObject({ code: "WRITE_STALE_READ_BACK" });
    pumps.drive.clear();
    await world.clock.advance(1_500);
    expect(await world.write("pump", "run", true)).toMatchObject({ readBack: true });
  });
});

test("every reason is told in order, and the most important decides", async () => {
  const all = {
    remoteEnable: when("[nobody/remote]"),
    permissives: [{ when: when("[nobody/remote]"), text: "nobody says so" }],
    intervalMsMin: 60_000,
  };
  const { world } = await pumped([coil("run", 1, all)], { plan: plan([{}]) });
  await using _world = world;
  await world.order("hold");
  await world.order("to-plan");
  const { outputs } = await world.status();
  const codes = ["WRITE_HELD", "WRITE_IN_PLAN", "WRITE_NOT_REMOTE", "WRITE_NOT_PERMITTED", "WRITE_TOO_SOON"];
  expect(outputs?.outputs[0]?.refused?.map(({ code }) => code)).toEqual(codes);
  expect(outputs?.hold).toMatchObject({ by: "anna", outputs: [] });
  expect(await world.write("pump", "run", true)).toMatchObject({ code: "WRITE_HELD" });
});

test("a device with outputs whose communication-loss timer is off or unknown is warned about, and never written", async () => {
  const world = fieldWorld();
  await using _world = world;
  const [one, two, three] = world.devices([1, 2, 3]);
  if (one === undefined || two === undefined || three === undefined) throw new Error("no devices");
  two.holdingRegisters.write(20, [0]);
  three.holdingRegisters.write(20, [30]);
  world.line([one, two, three]);
  await world.keeper();
  const watchdog = point("watchdog", { address: 20 });
  const timer = { communicationLossTimer: { point: "watchdog" } };
  await world.configure(
    "one",
    pumping([
      pump([coil("run", 1)]),
      device("off", 2, { ...timer, points: [coil("run", 1), watchdog] }),
      device("armed", 3, { ...timer, points: [coil("run", 1), watchdog] }),
    ]),
  );
  await world.clock.advance(3_000);
  const { outputs, buses } = await world.status();
  expect(outputs?.warnings.map(({ code, device: name }) => [code, name])).toEqual([
    ["LOSS_TIMER_UNKNOWN", "pump"],
    ["LOSS_TIMER_OFF", "off"],
  ]);
  expect(buses[0]?.counters.writes).toBe(0);
});

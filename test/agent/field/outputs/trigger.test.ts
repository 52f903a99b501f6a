import { describe, expect, test } from "vitest";
import { FIRST_READING_MS_MAX } from "../../../../agent/field/outputs/first-readings.ts";
import { coil, plan, pump, pumping, speed, when } from "./outputs-world.ts";
import { running, steps, valve, whole } from "./planned-line.ts";

describe("a trigger", () => {
  const flooded = { name: "flooded", when: when("not [pump/remote]"), forMs: 2_000 };

  test("that is good and true for its time makes the plan due, and no release comes through while it holds", async () => {
    const { world, devices, log } = await running(whole({ plan: plan(steps, { triggers: [flooded] }) }));
    await using _world = world;
    devices[0].coils.write(8, [0]);
    log.length = 0;
    await world.clock.advance(1_500);
    expect(log).toEqual([]);
    await world.clock.advanceUntil(() => log.length === 3, 3_000);
    expect((await world.status()).outputs?.plan).toMatchObject({ trigger: "flooded" });
    expect(await world.order("release")).toMatchObject({
      code: "OUTPUTS_TRIGGER_HOLDS",
      message: expect.stringMatching(/flooded still holds: not \[pump\/remote\]/),
    });
    devices[0].coils.write(8, [1]);
    await world.clock.advance(3_000);
    expect((await world.status()).outputs?.plan?.state).toBe("done");
    expect(await world.order("release")).toBeUndefined();
    expect((await world.status()).outputs?.plan?.state).toBe("idle");
  });

  describe("that says a sensor is dead", () => {
    const unknown = { name: "blind", when: when("not good([pump/remote])"), forMs: 0 };
    const blind = (): ReturnType<typeof whole> => whole({ plan: plan(steps, { triggers: [unknown] }) });

    test("is none before the sensor was read once: not at a start, and not in another configuration", async () => {
      const { world, devices, log } = await running(blind());
      await using _world = world;
      await world.clock.advance(40_000);
      expect(log).toEqual([]);
      const other = blind();
      await world.configure("two", { ...other, buses: other.buses.map((one) => ({ ...one, turnaroundMs: 150 })) });
      await world.clock.advance(40_000);
      expect(log).toEqual([]);
      devices[0].inject({ kind: "silence" });
      await world.clock.advanceUntil(() => log.includes("2 register 4 = 7"), 20_000);
    });

    test("whose sensor never answers is one after a while", async () => {
      const { world, devices, log } = await running(whole());
      await using _world = world;
      devices[0].inject({ kind: "silence" });
      const other = blind();
      await world.configure("two", { ...other, buses: other.buses.map((one) => ({ ...one, turnaroundMs: 150 })) });
      await world.clock.advance(FIRST_READING_MS_MAX - 1_000);
      expect(log).toEqual([]);
      await world.clock.advance(3_000);
      expect(log).toEqual(["2 register 4 = 7"]);
    });

    test("by a derived point waits until that was reckoned from readings", async () => {
      const point = { name: "x", type: "bool", everyMs: 5_000, deadband: 0, heartbeatMs: 0 } as const;
      const derived = { device: "derived", points: [{ ...point, expression: when("[pump/remote]") }] };
      const trigger = { name: "blind", when: when("not good([derived/x])"), forMs: 0 };
      const { world, log } = await running(whole({ derived, plan: plan(steps, { triggers: [trigger] }) }));
      await using _world = world;
      await world.clock.advance(40_000);
      expect(log).toEqual([]);
    });

    test("and had begun before a restart lets nobody release before it is read again", async () => {
      const { world, devices } = await running(blind());
      await using _world = world;
      devices[0].inject({ kind: "silence" });
      await world.clock.advance(20_000);
      const other = blind();
      await world.configure("two", { ...other, buses: other.buses.map((one) => ({ ...one, turnaroundMs: 150 })) });
      expect(await world.order("release")).toMatchObject({
        code: "OUTPUTS_TRIGGER_HOLDS",
        message: expect.stringMatching(/not known yet whether trigger blind still holds/),
      });
      devices[0].clear();
      await world.clock.advance(10_000);
      expect(await world.order("release")).toBeUndefined();
    });
  });

  test("whose sensor dies is none", async () => {
    const { world, devices, log } = await running(whole({ plan: plan(steps, { triggers: [flooded] }) }));
    await using _world = world;
    devices[0].inject({ kind: "silence" });
    await world.clock.advance(60_000);
    expect(log).toEqual([]);
  });

  test("whose sensor died may be released, and begins anew where it is good and true again", async () => {
    const { world, devices, log } = await running(whole({ plan: plan(steps, { triggers: [flooded] }) }));
    await using _world = world;
    devices[0].coils.write(8, [0]);
    await world.clock.advance(6_000);
    devices[0].inject({ kind: "silence" });
    await world.clock.advance(5_000);
    expect(await world.order("release")).toBeUndefined();
    log.length = 0;
    devices[0].clear();
    await world.clock.advanceUntil(() => log.length === 3, 80_000);
    expect((await world.status()).outputs?.plan).toMatchObject({ trigger: "flooded" });
  });

  test("of a bumpless plan lets go of the outputs once it is over, and a dead sensor is not over", async () => {
    const bumpless = plan(steps, { triggers: [flooded], bumpless: true });
    const { world, devices } = await running(whole({ plan: bumpless }));
    await using _world = world;
    devices[0].coils.write(8, [0]);
    await world.clock.advance(5_000);
    expect((await world.status()).outputs?.plan?.state).toBe("done");
    devices[0].inject({ kind: "silence" });
    await world.clock.advance(20_000);
    expect((await world.status()).outputs?.plan?.state).toBe("done");
    devices[0].clear();
    devices[0].coils.write(8, [1]);
    await world.clock.advance(70_000);
    expect((await world.status()).outputs?.plan?.state).toBe("idle");
  });
});

test("a lost uplink sends an output to its step after its own time; contact alone gives nothing back", async () => {
  const lost = pumping([pump([coil("run", 1, { uplinkLostPlanMs: 60_000 }), speed()]), valve()], { plan: plan(steps) });
  const { world, log } = await running(lost);
  await using _world = world;
  await world.clock.advance(55_000);
  expect(log).toEqual([]);
  await world.clock.advance(5_000);
  expect(log).toEqual(["1 coil 1 = 0"]);
  expect((await world.status()).outputs?.plan).toMatchObject({ state: "done", trigger: "uplink-lost" });
});

test("a hold sends outputs that say so to their step, and the others stay as they are", async () => {
  const both = pumping([pump([coil("run", 1, { onHold: "plan" }), speed()]), valve()], { plan: plan(steps) });
  const { world, log } = await running(both);
  await using _world = world;
  expect(await world.order("hold", [], "inspection")).toBeUndefined();
  await world.clock.advance(1_000);
  expect(log).toEqual(["1 coil 1 = 0"]);
});

test("a release while the uplink is still away lasts until it is lost anew", async () => {
  const lost = pumping([pump([coil("run", 1, { uplinkLostPlanMs: 60_000 }), speed()]), valve()], { plan: plan(steps) });
  const { world, log } = await running(lost);
  await using _world = world;
  await world.clock.advance(60_000);
  expect(log).toEqual(["1 coil 1 = 0"]);
  expect(await world.order("release")).toBeUndefined();
  await world.clock.advance(200_000);
  expect(log).toEqual(["1 coil 1 = 0"]);
  expect((await world.status()).outputs?.plan?.state).toBe("idle");
});

test("the alarms of the gateway tell of a hold, a plan that is due, and one that is not done", async () => {
  const { world, devices } = await running(whole());
  await using _world = world;
  devices[0].inject({ kind: "silence" });
  await world.order("hold");
  await world.order("to-plan");
  await world.clock.advance(3_000);
  const active = async (): Promise<readonly string[]> => {
    const { alarms } = await world.status();
    return (alarms?.shown ?? [])
      .filter((alarm) => alarm.active)
      .map(({ name }) => name)
      .toSorted();
  };
  expect(await active()).toEqual(["no-communication-loss-timer", "outputs-held", "plan-due", "plan-incomplete"]);
  await world.order("release");
  expect(await active()).toEqual(["no-communication-loss-timer"]);
});

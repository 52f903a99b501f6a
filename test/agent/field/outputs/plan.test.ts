import { describe, expect, test } from "vitest";
import { memoryDisk } from "../../../../simulator/disk.ts";
import { fieldWorld } from "../field-world.ts";
import { field, tcpBus } from "../snapshots.ts";
import { coil, LINE, plan, pump, pumping, when } from "./outputs-world.ts";
import { running, steps, whole } from "./planned-line.ts";

describe("the plan", () => {
  test("is written in its order, read back, and stays until it is released", async () => {
    const { world, log } = await running(whole());
    await using _world = world;
    expect((await world.status()).outputs?.plan).toEqual({ state: "idle", worstCaseMs: 2_000 });
    expect(await world.order("to-plan")).toBeUndefined();
    await world.clock.advance(1_000);
    expect(log).toEqual(["1 coil 1 = 0", "2 register 4 = 7", "1 register 3 = 5"]);
    const { outputs } = await world.status();
    expect(outputs?.plan).toMatchObject({ state: "done", trigger: "operator" });
    expect(outputs?.plan?.tookMs).toBeLessThan(500);
    expect(outputs?.outputs.map(({ output, state, value }) => [output, state, value])).toEqual([
      ["pump/run", "planned", false],
      ["pump/speed", "planned", 5],
      ["valve/position", "planned", 7],
    ]);
    await world.order("release", ["valve/position"]);
    expect((await world.status()).outputs?.outputs.map(({ state }) => state)).toEqual(["planned", "planned", "free"]);
  });

  test("of named outputs is written for them alone; one without a step says so", async () => {
    const { world, log } = await running(whole({ plan: plan(steps.slice(0, 2)) }));
    await using _world = world;
    expect(await world.order("to-plan", ["valve/position", "pump/speed"])).toMatchObject({ code: "OUTPUT_NO_STEP" });
    await world.clock.advance(1_000);
    expect(log).toEqual(["2 register 4 = 7"]);
    expect(await world.order("to-plan", ["pump/rum"])).toMatchObject({ code: "OUTPUT_UNKNOWN" });
  });

  test("keeps its waits, and nothing delays the step after one", async () => {
    const waiting = [{ output: "pump/run" }, { output: "valve/position", value: 7, waitMs: 700 }];
    const { world, devices, log } = await running(whole({ plan: plan(waiting) }));
    await using _world = world;
    await world.order("to-plan");
    await world.clock.advanceUntil(() => log.length === 1, 1_000);
    const firstMs = world.clock.monotonicMs();
    await world.clock.advance(100);
    // asked at the end of the wait it would hold the line for its whole timeout
    devices[0].inject({ kind: "silence", untilMs: firstMs + 2_000 });
    await world.clock.advanceUntil(() => log.length === 2, 5_000);
    const tookMs = world.clock.monotonicMs() - firstMs;
    expect(tookMs).toBeGreaterThan(700);
    expect(tookMs).toBeLessThan(800);
  });

  test("goes on past a dead device, which costs one timeout, and writes to it as soon as it answers", async () => {
    const { world, devices, log } = await running(whole());
    await using _world = world;
    devices[0].inject({ kind: "silence" });
    await world.order("to-plan");
    await world.clock.advance(1_000);
    expect(log).toEqual(["2 register 4 = 7"]);
    expect((await world.status()).outputs?.plan).toMatchObject({
      state: "incomplete",
      open: [{ output: "pump/run" }, { output: "pump/speed" }],
    });
    await world.clock.advance(100_000);
    expect(log).toEqual(["2 register 4 = 7"]);
    const requests = devices[0].counters.requests;
    await world.clock.advance(120_000);
    expect(devices[0].counters.requests - requests).toBeLessThan(15);
    devices[0].clear();
    await world.clock.advanceUntil(() => devices[0].counters.replies > 0 && log.length === 3, 70_000);
    expect(log.slice(1)).toEqual(["1 coil 1 = 0", "1 register 3 = 5"]);
    await world.clock.advance(100);
    expect((await world.status()).outputs?.plan).toMatchObject({ state: "done" });
  });

  test("survives a single lost frame at once", async () => {
    const { world, devices, log } = await running(whole());
    await using _world = world;
    await world.order("to-plan");
    await world.clock.advanceUntil(() => log.length === 1, 1_000);
    devices[1].inject({ kind: "silence", count: 1 });
    await world.clock.advance(2_000);
    expect(log).toEqual(["1 coil 1 = 0", "1 register 3 = 5", "2 register 4 = 7"]);
  });

  test("goes before commands that wait, which hear so and are never sent", async () => {
    const { world, log, channel, devices } = await running(whole());
    await using _world = world;
    devices[0].inject({ kind: "delay", ms: 200 });
    for (let id = 1; id <= 20; id++) {
      channel.send({ kind: "write", id, source: "valve", point: "position", value: 50 });
    }
    await world.order("to-plan");
    await world.clock.advance(3_000);
    const answers = world.heard.flatMap((said) => (said.kind === "written" ? [said.code] : []));
    expect(answers).toHaveLength(20);
    expect(answers.filter((code) => code === "WRITE_IN_PLAN").length).toBeGreaterThan(17);
    expect(log.filter((line) => line.endsWith("= 50")).length).toBeLessThan(3);
    expect(log.slice(-3)).toEqual(["1 coil 1 = 0", "2 register 4 = 7", "1 register 3 = 5"]);
    expect(devices[1].holdingRegisters.read(4, 1)).toEqual([7]);
  });

  test("of 20 outputs gets through a full urgent queue", async () => {
    const many = Array.from({ length: 20 }, (_, i) => coil(`c${i}`, 20 + i));
    const all = plan(many.map(({ name }) => ({ output: `pump/${name}` })));
    const world = fieldWorld();
    await using _world = world;
    const [drive] = world.devices([1]);
    drive?.coils.store(
      20,
      Array.from({ length: 20 }, () => 1),
    );
    world.line(drive === undefined ? [] : [drive]);
    const channel = await world.keeper();
    await world.configure("one", pumping([pump([...many, coil("run", 1)])], { plan: all }));
    await world.clock.advance(3_000);
    for (let id = 1; id <= 80; id++) channel.send({ kind: "write", id, source: "pump", point: "run", value: true });
    await world.order("to-plan");
    await world.clock.advance(5_000);
    expect(drive?.coils.read(20, 20)).toEqual(Array.from({ length: 20 }, () => 0));
    expect((await world.status()).outputs?.plan?.state).toBe("done");
  });

  test("with its line away is written as the very first thing when it is back", async () => {
    const { world, log } = await running(whole());
    await using _world = world;
    world.serial.vanish(LINE);
    await world.clock.advance(500);
    await world.order("to-plan");
    await world.clock.advance(5_000);
    const from = world.serial.trace(LINE).length;
    world.serial.restore(LINE);
    await world.clock.advance(2_000);
    expect(log).toEqual(["1 coil 1 = 0", "2 register 4 = 7", "1 register 3 = 5"]);
    const [unit, code] = world.serial
      .trace(LINE)
      .slice(from)
      .map(({ byte }) => byte);
    expect([unit, code]).toEqual([1, 5]);
  });

  test("that waits for a line which is down says so, and raises the alarm of an incomplete plan", async () => {
    const { world } = await running(whole());
    await using _world = world;
    world.serial.vanish(LINE);
    await world.clock.advance(500);
    await world.order("to-plan");
    await world.clock.advance(2_000);
    const { outputs, alarms } = await world.status();
    expect(outputs?.plan?.state).toBe("incomplete");
    expect(outputs?.plan?.open?.map(({ message }) => message)).toEqual(
      steps.map((): unknown => expect.stringMatching(/line is down/)),
    );
    expect(alarms?.shown.filter(({ active }) => active).map(({ name }) => name)).toContain("plan-incomplete");
  });

  test("released while a step is on the wire leaves no trace that would refuse others", async () => {
    const excluding = pumping(
      [pump([coil("run", 1, { excludes: ["pump/spare"] }), coil("spare", 2, { excludes: ["pump/run"] })])],
      { plan: plan([{ output: "pump/run", value: true }]) },
    );
    const { world, devices } = await running(excluding);
    await using _world = world;
    devices[0].coils.write(1, [0, 0]);
    devices[0].replyDelayMs = 150;
    await world.clock.advance(1_000);
    await world.order("to-plan");
    await world.clock.advanceUntil(() => devices[0].coils.read(1, 1)[0] === 1, 2_000);
    await world.order("release");
    devices[0].replyDelayMs = 0;
    devices[0].coils.write(1, [0]);
    await world.clock.advance(5_000);
    expect(await world.write("pump", "spare", true)).toMatchObject({ readBack: true });
  });

  test("is written again by a second word of a person, though all of it was confirmed", async () => {
    const { world, log } = await running(whole());
    await using _world = world;
    await world.order("to-plan");
    await world.clock.advance(2_000);
    expect(log).toHaveLength(3);
    await world.order("to-plan");
    await world.clock.advance(2_000);
    expect(log).toHaveLength(6);
  });

  test("that is due by a trigger keeps nobody from releasing a hold on what it does not write", async () => {
    const flooded = { name: "flooded", when: when("not [pump/remote]"), forMs: 0 };
    const { world, devices } = await running(whole({ plan: plan(steps.slice(1, 2), { triggers: [flooded] }) }));
    await using _world = world;
    devices[0].coils.write(8, [0]);
    await world.order("hold", ["pump/run"]);
    await world.clock.advance(3_000);
    expect(await world.order("release", ["valve/position"])).toMatchObject({ code: "OUTPUTS_TRIGGER_HOLDS" });
    expect(await world.order("release", ["pump/run"])).toBeUndefined();
    expect((await world.status()).outputs?.hold).toBeUndefined();
  });

  test("released while it waits for its line is never written", async () => {
    const { world, log } = await running(whole());
    await using _world = world;
    world.serial.vanish(LINE);
    await world.clock.advance(500);
    await world.order("to-plan");
    await world.clock.advance(5_000);
    await world.order("release");
    world.serial.restore(LINE);
    await world.clock.advance(10_000);
    expect(log).toEqual([]);
  });
});

describe("the plan over TCP", () => {
  const HOST = "10.0.0.5";
  test.each([undefined, true] as const)(
    "is written whether or not its socket is closed between polls (%s)",
    async (rest) => {
      const world = fieldWorld();
      await using _world = world;
      const [drive] = world.devices([1]);
      if (drive === undefined) throw new Error("no pump");
      drive.coils.write(1, [1]);
      await world.socket(HOST, [drive]);
      await world.keeper();
      const over = rest === undefined ? {} : { closeAfterPolls: rest };
      const slow = pump([{ ...coil("run", 1), pollMs: 30_000 }]);
      const points = slow.points.map((one) => ({ ...one, pollMs: 30_000 }));
      const line = { ...tcpBus("line", HOST, [{ ...slow, pollMs: 30_000, points }]), ...over };
      await world.configure("one", field([line], { plan: plan([{ output: "pump/run" }]) }));
      await world.clock.advance(10_000);
      expect((await world.status()).buses[0]?.state).toBe(rest === undefined ? "open" : "resting");
      await world.order("to-plan");
      await world.clock.advance(1_000);
      expect(drive.coils.read(1, 1)).toEqual([0]);
      expect((await world.status()).outputs?.plan?.state).toBe("done");
    },
  );
});

describe("a disk that fails", () => {
  test("blocks neither a hold nor the plan, and is loud", async () => {
    const disk = memoryDisk();
    const { world, log } = await running(whole(), { disk });
    await using _world = world;
    disk.failSyncs(1_000);
    expect(await world.order("hold", [], "leak")).toBeUndefined();
    expect(await world.order("to-plan")).toBeUndefined();
    await world.clock.advance(1_000);
    expect(log).toHaveLength(3);
    const { outputs } = await world.status();
    expect(outputs?.hold).toMatchObject({ reason: "leak" });
    expect(outputs?.warnings.map(({ code }) => code)).toContain("OUTPUTS_NOT_STORED");
    disk.failSyncs(0);
    await world.clock.advance(130_000);
    const healed = (await world.status()).outputs;
    expect(healed?.warnings.map(({ code }) => code)).not.toContain("OUTPUTS_NOT_STORED");
    expect(healed?.hold).toMatchObject({ reason: "leak" });
  });
});

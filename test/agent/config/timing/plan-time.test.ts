import { expect, test } from "vitest";
import type { FieldSnapshot } from "../../../../agent/config/snapshot.ts";
import { planTimes } from "../../../../agent/config/timing/plan-time.ts";
import {
  FIELD_START_MS,
  RESTART_PAUSE_MS,
  STORE_MS,
  TRIGGER_LOOK_MS,
} from "../../../../agent/config/timing/restart.ts";
import { seededEntropy } from "../../../../simulator/entropy.ts";
import { coil, plan } from "../../field/outputs/outputs-world.ts";
import { fieldWorld } from "../../field/field-world.ts";
import { bus, device, field, point, rtu, tcpBus } from "../../field/snapshots.ts";

const DEVICES = 6;
const OUTPUTS = 3;
const TIMEOUT_MS = 200;

/** 18 outputs of 6 devices in turn, the second of each after a wait. */
function site(): FieldSnapshot {
  const devices = Array.from({ length: DEVICES }, (_, i) =>
    device(`drive-${i + 1}`, i + 1, {
      timeoutMs: TIMEOUT_MS,
      lateReplyMs: 2 * TIMEOUT_MS,
      pollMs: 500,
      points: [...Array.from({ length: OUTPUTS }, (_unused, n) => coil(`run-${n}`, 20 + n)), point("level")],
    }),
  );
  const steps = Array.from({ length: OUTPUTS }, (_, n) =>
    devices.map(({ name }) => ({ output: `${name}/run-${n}`, value: false, waitMs: n === 1 ? 50 : 0 })),
  ).flat();
  return field([bus("line", devices, { transport: rtu() })], { plan: plan(steps) });
}

/** From the order to the last write on devices that answer; of seed 0 all in the last moment, else some late, some never. */
async function tookMs(seed: number, snapshot: FieldSnapshot): Promise<number> {
  const chance = seededEntropy(seed);
  await using world = fieldWorld();
  const devices = world.devices(Array.from({ length: DEVICES }, (_, i) => i + 1));
  const writtenMs = new Map<string, number>();
  for (const one of devices) {
    one.coils.store(20, [1, 1, 1]);
    const write = one.coils.write.bind(one.coils);
    one.coils.write = (first, values) => {
      writtenMs.set(`${one.unit} ${first}`, world.clock.monotonicMs());
      write(first, values);
    };
    const share = seed === 0 ? 1 : chance.fraction() < 0.3 ? 0 : chance.fraction();
    one.replyDelayMs = 0.85 * TIMEOUT_MS * share;
  }
  world.line(devices);
  await world.keeper();
  await world.configure("one", snapshot);
  await world.clock.advance(2_000 + 3_000 * chance.fraction());
  const dead = devices.filter(() => seed > 0 && chance.fraction() < 0.3);
  for (const one of dead) one.inject({ kind: "silence" });
  await world.clock.advance(600 * chance.fraction());
  const startedMs = world.clock.monotonicMs();
  const alive = devices.length - dead.length;
  await world.order("to-plan");
  const done = (): boolean => writtenMs.size >= alive * OUTPUTS;
  await world.clock.advanceUntil(done, 60_000);
  return Math.max(startedMs, ...writtenMs.values()) - startedMs;
}

test(
  "100 plans from a trigger, devices slow or dead, are done in the time that was reckoned",
  { timeout: 60_000 },
  async () => {
    const snapshot = site();
    const [time] = planTimes(snapshot.buses, snapshot.plan?.steps ?? []);
    let longestMs = 0;
    for (let seed = 0; seed < 100; seed++) longestMs = Math.max(longestMs, await tookMs(seed, snapshot));
    expect(longestMs).toBeLessThanOrEqual(time?.fromTriggerMs ?? 0);
    // a bound that nothing comes near would refuse plans that are fine
    expect(longestMs).toBeGreaterThan(0.6 * (time?.fromTriggerMs ?? 0));
  },
);

test("a death costs a restart, and buses without a step nothing", () => {
  const { buses, plan: { steps } = plan([]) } = site();
  const [time, ...others] = planTimes([...buses, tcpBus("net", "192.0.2.1", [device("meter", 1)])], steps);
  expect(others).toEqual([]);
  expect(time?.fromDeathMs).toBeGreaterThan((time?.stepsMs ?? 0) + RESTART_PAUSE_MS + FIELD_START_MS);
  expect(time?.steps.map(({ step }) => step.output)).toEqual(steps.map(({ output }) => output));
});

test("a trigger is looked at before anything else, and a long write of a command may be under way", () => {
  const { buses, plan: { steps } = plan([]) } = site();
  const [line] = buses;
  const [time] = planTimes(buses, steps);
  expect(time?.fromTriggerMs).toBe(TRIGGER_LOOK_MS + STORE_MS + (time?.underWayMs ?? 0) + (time?.stepsMs ?? 0));
  const wide = point("recipe", { address: 40, count: 4, type: "uint64", output: { write: "multiple" } });
  const [first, ...others] = line?.devices ?? [];
  if (line === undefined || first === undefined) throw new Error("no line");
  const more = [{ ...line, devices: [{ ...first, points: [...first.points, wide] }, ...others] }];
  // 17 characters and 8 of the answer, against 8 and 13 of the poll
  expect((planTimes(more, steps)[0]?.underWayMs ?? 0) - planTimesRead(more, steps)).toBeCloseTo(
    (4 * 11_000) / 9_600,
    6,
  );
});

/** The same with that point read and not written. */
function planTimesRead(buses: FieldSnapshot["buses"], steps: Parameters<typeof planTimes>[1]): number {
  const read = buses.map((one) => ({
    ...one,
    devices: one.devices.map((each) => ({
      ...each,
      points: each.points.map((own) =>
        own.name === "recipe" ? point("recipe", { address: 40, count: 4, type: "uint64" }) : own,
      ),
    })),
  }));
  return planTimes(read, steps)[0]?.underWayMs ?? 0;
}

test("one more step costs one more write and read-back, each answered in the last moment", () => {
  const { buses, plan: { steps } = plan([]) } = site();
  const [one] = planTimes(buses, steps.slice(0, 1));
  const [two] = planTimes(buses, steps.slice(0, 2));
  const moreMs = (two?.fromTriggerMs ?? 0) - (one?.fromTriggerMs ?? 0);
  // 8 characters each way and a silence before each request, at 9 600 baud; 30 ms for a stalling adapter, 5 ms for us
  const charactersMs = (8 + 8 + 8 + 6) * (11_000 / 9_600);
  expect(moreMs).toBeCloseTo(2 * (TIMEOUT_MS + 30 + 5 + 38_500 / 9_600) + charactersMs, 6);
});

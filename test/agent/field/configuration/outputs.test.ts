import { expect, test } from "vitest";
import type { FieldSnapshot } from "../../../../agent/config/snapshot.ts";
import { checkFieldSnapshot } from "../../../../agent/field/configuration/check.ts";
import { ConfigurationError } from "../../../../agent/field/configuration/refusal.ts";
import { coil, plan, speed, when } from "../outputs/outputs-world.ts";
import { bus, device, field, point } from "../snapshots.ts";

/** A pump and a fan that exclude each other, a speed, and a plan for all three. */
function sound(): FieldSnapshot {
  const points = [
    coil("run", 0, { excludes: ["pump/fan"], onRestart: "plan", remoteEnable: when("[pump/remote]") }),
    coil("fan", 1, { excludes: ["pump/run"], permissives: [{ when: when("[pump/level] > 2"), text: "too low" }] }),
    speed({ ratePerSecondMax: 5 }),
    point("remote", { table: "coil", address: 8 }),
    point("level", { address: 9 }),
  ];
  const steps = [{ output: "pump/run" }, { output: "pump/fan" }, { output: "pump/speed", value: 0, waitMs: 100 }];
  const triggers = [{ name: "flooded", when: when("[pump/level] > 5"), forMs: 2_000 }];
  return field([bus("line", [device("pump", 1, { points, communicationLossTimer: { point: "level" } })])], {
    plan: plan(steps, { triggers }),
  });
}

/** The snapshot with one value at a path such as `plan.steps.0.value` replaced. */
function with_(path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(sound())) as Record<string, unknown>;
  const steps = path.split(".");
  const last = steps.pop() as string;
  const parent = steps.reduce((at, step) => at[step] as Record<string, unknown>, copy);
  parent[last] = value;
  return copy;
}

function codeOf(offered: unknown): string | undefined {
  try {
    checkFieldSnapshot(offered);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.code;
    throw error;
  }
}

const OUTPUT = "buses.0.devices.0.points.0.output";

test("guards, a plan and a communication-loss timer pass the door", () => {
  const offered = sound();
  expect(checkFieldSnapshot(offered)).toBe(offered);
});

test.each([
  [`${OUTPUT}.guard`, 5],
  ["buses.0.devices.0.points.2.type", "int8"],
  [`${OUTPUT}.guard.intervalMsMin`, -1],
  [`${OUTPUT}.guard.readBackMsMax`, 0],
  [`${OUTPUT}.guard.ratePerSecondMax`, 0],
  [`${OUTPUT}.guard.ratePerSecondMax`, null],
  [`${OUTPUT}.guard.permissives`, [{ when: { text: "x", points: [], steps: [["operator", "and"]] } }]],
  [`${OUTPUT}.guard.remoteEnable.steps`, [["point", 1]]],
  [`${OUTPUT}.guard.excludes`, [5]],
  // said at one of the two alone
  [`${OUTPUT}.guard.excludes`, []],
  [`${OUTPUT}.guard.excludes`, ["pump/run"]],
  [`${OUTPUT}.guard.excludes`, ["pump/level"]],
  [`${OUTPUT}.guard.onRestart`, "start"],
  [`${OUTPUT}.guard.onHold`, "last-commanded"],
  [`${OUTPUT}.guard.uplinkLostPlanMs`, 5],
  ["buses.0.devices.0.points.1.output.guard.permissives.0.text", "two\nlines"],
  ["plan.steps", [{ output: "pump/fan", value: false, waitMs: 0 }]],
  ["plan.steps.0.output", "pump/level"],
  ["plan.steps.0.output", "pump/fan"],
  ["plan.steps.0.value", 1],
  ["plan.steps.2.value", 101],
  ["plan.steps.2.value", null],
  ["plan.steps.0.waitMs", -1],
  ["plan.triggers.0.name", "operator"],
  ["plan.triggers.0.when.steps", []],
  ["plan.triggers.0.forMs", 1e12],
  ["plan.finishMsMax", 0],
  ["plan.bumpless", "no"],
  ["plan.worstCaseMs", { line: "soon" }],
  ["plan", undefined],
  ["buses.0.devices.0.communicationLossTimer", { none: false }],
  ["buses.0.devices.0.communicationLossTimer.point", "a/b"],
])("%s as %j does not", (path, value) => {
  expect(codeOf(with_(path, value))).toMatch(/^CONFIG_(?:OUTPUT_INVALID|SNAPSHOT_MALFORMED)$/u);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { checkFieldSnapshot } from "../../../../agent/field/configuration/check.ts";
import { compile, edited } from "../gateway-file.ts";

const FUZZ_MS_MAX = 60_000;

const POINTS = [
  {
    name: "run",
    table: "coil",
    address: 0,
    output: {
      intervalMsMin: 500,
      remoteEnable: "[pump-1/remote]",
      permissives: [{ when: "[pump-1/speed] > 4", text: "too slow" }],
      excludes: ["pump-2/run"],
      readBackMsMax: 4_000,
      onStart: "leave",
      onRestart: "plan",
      onUplinkLost: { planAfterMs: 60_000 },
      onHold: "leave",
    },
  },
  {
    name: "setpoint",
    table: "holding-register",
    address: 4,
    scale: 0.1,
    output: { low: 0, high: 50, ratePerSecondMax: 5 },
  },
  { name: "remote", table: "discrete-input", address: 0 },
  { name: "speed", table: "input-register", address: 0 },
];
const BASE = {
  "buses.0.devices.0.points": POINTS,
  "buses.0.devices.0.communicationLossTimer": { point: "speed" },
  "buses.0.devices.1.points": [{ name: "run", table: "coil", address: 0, output: {} }],
  plan: {
    finishMsMax: 20_000,
    bumpless: false,
    triggers: [{ name: "stuck", when: "[pump-1/speed] < 2", forMs: 2_000 }],
    steps: [
      { output: "pump-1/run", value: false },
      { output: "pump-1/setpoint", value: 0, waitMs: 500 },
    ],
  },
};

/** The file with values put at paths; undefined deletes. */
function spoilt(edits: readonly (readonly [path: string, value: unknown])[]): string {
  const file = parse(edited(BASE)) as Record<string, unknown>;
  for (const [path, put] of edits) {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const parent = steps.reduce((at, step) => at[step] as Record<string, unknown>, file);
    if (put === undefined) delete parent[last];
    else parent[last] = put;
  }
  return stringify(file, { aliasDuplicateObjects: false });
}

const output = "buses.0.devices.0.points.0.output";
const place = fc.constantFrom(
  output, `${output}.intervalMsMin`, `${output}.remoteEnable`, `${output}.permissives`, `${output}.permissives.0.when`,
  `${output}.permissives.0.text`, `${output}.excludes`, `${output}.excludes.0`, `${output}.readBackMsMax`, `${output}.onStart`,
  `${output}.onRestart`, `${output}.onUplinkLost`, `${output}.onUplinkLost.planAfterMs`, `${output}.onHold`, `${output}.write`,
  "buses.0.devices.0.points.0.name", "buses.0.devices.0.points.1.output.high", "buses.0.devices.0.points.1.type",
  "buses.0.devices.0.points.1.output.ratePerSecondMax", "buses.0.devices.0.communicationLossTimer",
  "buses.0.devices.0.communicationLossTimer.point", "buses.0.devices.1.points.0.output", "buses.0.devices.1.points.0.output.excludes",
  "plan", "plan.finishMsMax", "plan.bumpless", "plan.triggers", "plan.triggers.0.name", "plan.triggers.0.when", "plan.triggers.0.forMs",
  "plan.steps", "plan.steps.0", "plan.steps.0.output", "plan.steps.0.value", "plan.steps.1.value", "plan.steps.1.waitMs",
); // prettier-ignore
const value = fc.oneof(
  fc.constantFrom<unknown>(0, 1, -1, 0.5, 1e9, true, false, null, "", "plan", "leave", "last-commanded", "mask", "string", "float16"),
  fc.constantFrom<unknown>("pump-1/run", "pump-2/run", "pump-1/speed", "pump-9/run", "operator", "[pump-2/run]", "[pump-1/run]", "[a"),
  fc.constantFrom<unknown>([], {}, ["pump-2/run"], ["pump-1/run"], [{ output: "pump-2/run", value: true }], { none: true }, undefined),
  fc.double(),
  fc.string({ maxLength: 40, unit: "grapheme" }),
); // prettier-ignore

test(
  "3 000 files with wrong outputs or plans never throw, and what is taken passes the door of `field`",
  { timeout: FUZZ_MS_MAX },
  () => {
    let taken = 0;
    const edits = fc.array(fc.tuple(place, value), { minLength: 1, maxLength: 2 });
    const property = fc.property(edits, (chosen) => {
      // deepest first, so that no place is gone before it is written to
      const ordered = chosen.toSorted(([a], [b]) => b.split(".").length - a.split(".").length);
      const compiled = compile(spoilt(ordered));
      if ("report" in compiled) {
        expect(compiled.report.findings.length).toBeGreaterThan(0);
        for (const { code } of compiled.report.findings) expect(code).not.toBe("CONFIG_SCHEMA");
        return;
      }
      taken += 1;
      const field = JSON.parse(JSON.stringify(compiled.snapshot.field)) as unknown;
      expect(checkFieldSnapshot(field)).toBe(field);
    });
    fc.assert(property, { numRuns: 3_000 });
    expect(taken).toBeGreaterThan(50);
  },
);

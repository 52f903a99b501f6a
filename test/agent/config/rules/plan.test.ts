import fc from "fast-check";
import { expect, test } from "vitest";
import { misfit } from "../../../../agent/config/rules/misfit.ts";
import { POINT_TYPES } from "../../../../agent/contract/point.ts";
import { checkFieldSnapshot } from "../../../../agent/field/configuration/check.ts";
import { encodeValue } from "../../../../agent/field/points/encode.ts";
import { edited, onlyFinding, snapshotOf } from "../gateway-file.ts";
import { point } from "../../field/snapshots.ts";

const PUMP = {
  name: "pump-1",
  unit: 1,
  points: [
    { name: "run", table: "coil", address: 0, output: { onRestart: "plan" } },
    { name: "setpoint", table: "holding-register", address: 0, scale: 0.1, output: { low: 0, high: 50 } },
    { name: "high", table: "discrete-input", address: 0 },
  ],
};
const planned = (plan: object): string => edited({ "buses.0.devices": [PUMP], plan });
const STEPS = [
  { output: "pump-1/run", value: false },
  { output: "pump-1/setpoint", value: 12.5, waitMs: 500 },
];

test("a plan is compiled with its defaults and the time that it may take on each bus", () => {
  const { field } = snapshotOf(planned({ steps: STEPS, triggers: [{ name: "flooded", when: "[pump-1/high]" }] }));
  expect(checkFieldSnapshot(field)).toBe(field);
  expect(field.plan).toMatchObject({
    steps: [{ output: "pump-1/run", value: false, waitMs: 0 }, STEPS[1]],
    triggers: [{ name: "flooded", forMs: 0 }],
    finishMsMax: 30_000,
    bumpless: false,
  });
  expect(Object.keys(field.plan?.worstCaseMs ?? {})).toEqual(["line-1"]);
});

test("a plan is refused below exactly the time that it may take, and the hint is taken", () => {
  const least = snapshotOf(planned({ steps: STEPS })).field.plan?.worstCaseMs["line-1"] as number;
  expect(snapshotOf(planned({ steps: STEPS, finishMsMax: least })).field.plan?.finishMsMax).toBe(least);
  expect(onlyFinding(planned({ steps: STEPS, finishMsMax: least - 1 }))).toMatchObject({
    code: "CONFIG_PLAN_TIME",
    message: expect.stringMatching(/most of it waits for "pump-1", 2 steps of twice its timeoutMs of 300/u),
    hint: expect.stringContaining(`finishMsMax: ${least}`),
  });
});

test("a number that switches something on excludes another one, too", () => {
  const valve = {
    ...PUMP,
    points: [
      { name: "open", table: "holding-register", address: 0, output: { excludes: ["pump-1/close"] } },
      { name: "close", table: "holding-register", address: 1, output: {} },
    ],
  };
  const both = (close: number): string =>
    edited({
      "buses.0.devices": [valve],
      plan: {
        steps: [
          { output: "pump-1/open", value: 100 },
          { output: "pump-1/close", value: close },
        ],
      },
    });
  expect(snapshotOf(both(0)).field.plan?.steps).toHaveLength(2);
  expect(onlyFinding(both(1)).code).toBe("CONFIG_PLAN_STEP");
});

const anyValue = fc.oneof(
  fc.boolean(),
  fc.integer({ min: -70_000, max: 70_000 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(
    0,
    -1,
    127,
    128,
    255,
    256,
    32_767,
    32_768,
    65_504,
    65_510,
    65_520,
    (2 - 2 ** -24) * 2 ** 127,
    2 ** 31,
    2 ** 53,
    2 ** 63,
    2 ** 64,
    4e38,
  ),
  fc.constantFrom("", "12", "-9223372036854775808", "18446744073709551615", "18446744073709551616", "läuft", "a\nb"),
  fc.string({ maxLength: 12 }),
);

test("what the compiler lets through is what `field` writes, for every type that can be written", () => {
  const property = fc.property(
    fc.constantFrom(...POINT_TYPES.filter((type) => !type.endsWith("int8"))),
    anyValue,
    fc.constantFrom(1, 0.1, -2),
    fc.constantFrom(0, 100),
    fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined }),
    (type, value, scale, offset, low) => {
      const count = type === "string" ? 4 : type.endsWith("64") ? 4 : type.endsWith("32") ? 2 : 1;
      const output = { write: "multiple", ...(low === undefined ? {} : { low }) } as const;
      const receiver = { type, scale, offset, textBytes: 8, low };
      const refused = encodeValue(point("p", { type, count, scale, offset, output }), value).kind === "refused";
      expect(misfit(receiver, value) !== undefined).toBe(refused);
    },
  );
  fc.assert(property, { numRuns: 20_000 });
});

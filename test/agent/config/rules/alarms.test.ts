import { describe, expect, test } from "vitest";
import { checkFieldSnapshot } from "../../../../agent/field/configuration/check.ts";
import { edited, findingsOf, onlyFinding, refusals, snapshotOf } from "../gateway-file.ts";

const text = { en: "Something is wrong" };
const file = (rules: readonly object[], more: object = {}): string =>
  edited({ alarms: { rules: rules.map((rule, i) => ({ name: `a${i}`, text, ...rule })) }, ...more });
const field = (yaml: string) => snapshotOf(yaml).field;

describe("alarms", () => {
  test("are compiled with every default written out", () => {
    const { alarms } = field(file([{ high: { point: "meter-1/power", limit: 5 } }, { when: "[pump-1/speed] > 5" }]));
    expect(alarms).toEqual({
      device: "alarms",
      system: {},
      rules: [
        {
          name: "a0",
          priority: "medium",
          text,
          condition: { kind: "high", point: "meter-1/power", limit: 5, hysteresis: 0 },
          onDelayMs: 0,
          offDelayMs: 0,
          acknowledge: true,
          shelveMsMax: 28_800_000,
        },
        expect.objectContaining({
          condition: {
            kind: "when",
            expression: { text: "[pump-1/speed] > 5", points: ["pump-1/speed"], steps: [["point", 0], ["value", 5], ["operator", ">"]] },
          },
        }),
      ],
    }); // prettier-ignore
  });

  test("of every kind pass the door of field", () => {
    const point = "meter-1/power";
    const yaml = file([
      { high: { point, limit: 5, hysteresis: 1 }, suppressedWhen: "[pump-1/speed] == 0", onDelayMs: 5 },
      { low: { point, limit: 1 }, acknowledge: false, shelveMsMax: 0 },
      { rate: { point, perSecondMax: 3 } },
      { state: { point, is: 7 } },
      { unchanged: { point, forMs: 60_000, deadband: 0.1 } },
      { noValue: { point } },
      { when: "good([meter-1/power])", priority: "critical" },
    ]);
    const compiled = JSON.parse(JSON.stringify(field(yaml))) as object;
    expect(checkFieldSnapshot(compiled)).toBe(compiled);
  });

  test("are absent from the snapshot where the file has none, so that its digest stays", () => {
    expect(Object.keys(field(edited({})))).not.toContain("alarms");
    expect(field(edited({ alarms: {} })).alarms).toEqual({ device: "alarms", system: {}, rules: [] });
  });

  test("may turn off those of the gateway itself, and nothing else", () => {
    expect(field(edited({ alarms: { system: { tamper: "off", "second-master": "low" } } })).alarms?.system).toEqual({
      "second-master": "low",
      tamper: "off",
    });
    expect(refusals(edited({ alarms: { system: { temper: "off" } } }))).toEqual([
      "CONFIG_KEY_UNKNOWN alarms.system.temper",
    ]);
  });

  test.each([
    ["an unknown point", { high: { point: "meter-1/pover", limit: 1 } }, "CONFIG_POINT_UNKNOWN", /did you mean meter-1\/power/],
    ["no such thing at all", { noValue: { point: "x/y" } }, "CONFIG_POINT_UNKNOWN", /as the file names them/],
    ["an unknown point in an expression", { when: "[meter-1/pover] > 1" }, "CONFIG_POINT_UNKNOWN", /did you mean/],
    ["another alarm", { when: "[alarms/a0] == 'raised'" }, "CONFIG_EXPRESSION", /points that the alarm is about/],
    ["a rate of nothing", { rate: { point: "meter-1/power", perSecondMax: 0 } }, "CONFIG_ALARM_CONDITION", /more than 0/],
    ["a rate that is never over", { rate: { point: "meter-1/power", perSecondMax: 1, hysteresis: 1 } }, "CONFIG_ALARM_CONDITION", /less than 1/],
    ["a text where a number is", { state: { point: "meter-1/power", is: "on" } }, "CONFIG_ALARM_CONDITION", /a number/],
    ["a number as suppression", { when: "true", suppressedWhen: "1 + 1" }, "CONFIG_EXPRESSION", /compare it/],
    ["no text", { when: "true", text: undefined }, "CONFIG_KEY_MISSING", /text/],
  ] as const)("about %s are refused", (_what, rule, code, hint) => {
    const finding = onlyFinding(file([rule]));
    expect([finding.code, finding.hint]).toEqual([code, expect.stringMatching(hint)]);
  }); // prettier-ignore

  test("with names or devices that are taken are refused", () => {
    expect(refusals(file([{ when: "true", name: "A" }, { when: "true", name: "a" }]))).toEqual(["CONFIG_NAME_DUPLICATE alarms.rules[1].name"]);
    expect(refusals(file([{ when: "true", name: "raised" }]))).toEqual(["CONFIG_NAME_DUPLICATE alarms.rules[0].name"]);
    expect(refusals(edited({ alarms: { device: "Pump-1" } }))).toEqual(["CONFIG_NAME_DUPLICATE alarms.device"]);
    expect(refusals(edited({ alarms: { device: "x" }, derived: { device: "X", points: [{ name: "p", expression: "1" }] } }))).toEqual(["CONFIG_NAME_DUPLICATE alarms.device"]);
  }); // prettier-ignore

  test("more than a gateway takes, or than one birth holds, are refused", () => {
    const many = Array.from({ length: 5_001 }, () => ({ when: "true" }));
    expect(refusals(file(many))).toContain("CONFIG_LENGTH alarms.rules");
    expect(refusals(file(many.slice(1)))).toEqual(["CONFIG_BIRTH_SIZE alarms.rules"]);
    expect(findingsOf(file(many.slice(1), { "uplink.broker.packetBytesMax": 1_048_576 }))).toEqual([]);
  });
});

describe("derived points", () => {
  const derived = (...points: readonly object[]): string => edited({ derived: { points } });

  test("are compiled in an order in which none reads a later one, with the type that follows", () => {
    const { derived: built } = field(
      derived(
        { name: "last", expression: "[derived/mid] > 3" },
        { name: "mid", expression: "[derived/first] * 2", unit: "m3/h" },
        { name: "first", expression: "[pump-1/speed] + [pump-2/speed]" },
        { name: "word", expression: "if([derived/last], 'busy', 'idle')" },
      ),
    );
    expect(built?.points.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "first float64",
      "mid float64",
      "last bool",
      "word string",
    ]);
  });

  test("that read each other in a circle are refused by name, however long the circle", () => {
    const ring = Array.from({ length: 900 }, (_, i) => ({
      name: `p${i}`,
      expression: `[derived/p${(i + 1) % 900}] + 1`,
    }));
    const finding = onlyFinding(derived(...ring));
    expect(finding).toMatchObject({
      code: "CONFIG_DERIVED_CIRCLE",
      message: expect.stringMatching(/derived\/p0.* and 895 more/u),
    });
  });

  test("a chain of 900 is no circle", () => {
    const chain = Array.from({ length: 900 }, (_, i) => ({
      name: `p${i}`,
      expression: i === 899 ? "1" : `[derived/p${i + 1}] + 1`,
    }));
    expect(field(derived(...chain)).derived?.points[0]?.name).toBe("p899");
  });

  test("what is wrong is said once, where it is, and not again wherever it is read", () => {
    expect(refusals(derived({ name: "a", expression: "[derived/b] + 1" }, { name: "b", expression: "1 +" }))).toEqual([
      "CONFIG_EXPRESSION derived.points[1].expression",
    ]);
  });

  test("a range or dead-band means nothing to a truth value", () => {
    expect(refusals(derived({ name: "a", expression: "true", low: 1, deadband: 2 }))).toEqual([
      "CONFIG_KEY_MEANINGLESS derived.points[0].low",
      "CONFIG_KEY_MEANINGLESS derived.points[0].deadband",
    ]);
    expect(refusals(derived({ name: "a", expression: "1", low: 2, high: 1 }))).toEqual([
      "CONFIG_RANGE_ORDER derived.points[0].high",
    ]);
  });

  test("may not come to more work than a gateway does beside its polling", () => {
    const long = Array.from({ length: 64 }, () => "1").join("+");
    const points = Array.from({ length: 400 }, (_, i) => ({ name: `p${i}`, expression: long }));
    expect(refusals(derived(...points))).toEqual(["CONFIG_SIZE"]);
  });
});

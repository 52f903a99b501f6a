import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Expression } from "../../../../agent/config/snapshot/expression.ts";
import { checkFieldSnapshot } from "../../../../agent/field/configuration/check.ts";
import { ConfigurationError } from "../../../../agent/field/configuration/refusal.ts";
import { evaluator } from "../../../../agent/field/derived/evaluator.ts";
import { PointBook } from "../../../../agent/field/points/book.ts";
import { alarmsOf, expression, rule } from "../alarms/alarm-world.ts";
import { bus, device, field } from "../snapshots.ts";

const buses = [bus("line", [device("well", 1)])];
const reckoned = (made: object, over: object = {}) =>
  field(buses, {
    derived: {
      device: "derived",
      points: [{ name: "p", type: "float64", everyMs: 1_000, deadband: 0, heartbeatMs: 0, expression: made as Expression, ...over }],
    },
  }); // prettier-ignore

function code(offered: object): string {
  try {
    checkFieldSnapshot(offered);
    return "taken";
  } catch (error) {
    if (error instanceof ConfigurationError) return error.code;
    throw error;
  }
}

test("what the compiler makes is taken", () => {
  expect(code(reckoned(expression("if(good([well/level]), min([well/level], 3), -1)")))).toBe("taken");
  expect(code(field(buses, { alarms: alarmsOf([rule({ suppressedWhen: expression("[pump/on]") })]) }))).toBe("taken");
});

describe("an expression that would not run is refused", () => {
  const made = (steps: readonly unknown[], points: readonly unknown[] = ["a/x"]) => ({ text: "x", points, steps });
  test.each([
    ["nothing", made([])],
    ["two values", made([["value", 1], ["value", 2]])],
    ["an operator without operands", made([["operator", "+"]])],
    ["an operator with half of them", made([["value", 1], ["operator", "+"]])],
    ["a point that is not listed", made([["point", 1]])],
    ["a point before the first", made([["point", -1]])],
    ["a fraction of a point", made([["point", 0.5]])],
    ["a point that is none", made([["point", 0]], ["constructor"])],
    ["another operator", made([["value", 1], ["value", 1], ["operator", "**"]])],
    ["an operator of every object", made([["value", 1], ["operator", "constructor"]])],
    ["another function", made([["value", 1], ["call", "eval", 1]])],
    ["a function of every object", made([["value", 1], ["call", "toString", 1]])],
    ["too few arguments", made([["value", 1], ["call", "min", 1]])],
    ["more arguments than a call takes", made([...Array.from({ length: 17 }, () => ["value", 1]), ["call", "min", 17]])],
    ["infinity", made([["value", Infinity]])],
    ["an object for a value", made([["value", {}]])],
    ["no list of steps", { text: "x", points: [], steps: {} }],
    ["too many steps", made([["value", 1], ...Array.from({ length: 128 }, () => ["operator", "not"])])],
    ["a step with more to it", made([["value", 1, 2]])],
  ])("%s", (_what, offered) => expect(code(reckoned(offered))).toBe("CONFIG_SNAPSHOT_MALFORMED")); // prettier-ignore

  test("and so are more steps in all than a gateway takes", () => {
    const long = {
      text: "x",
      points: [],
      steps: [["value", true], ...Array.from({ length: 127 }, () => ["operator", "not"])],
    };
    const points = Array.from({ length: 400 }, (_, i) => ({
      name: `p${i}`, type: "bool", everyMs: 1_000, deadband: 0, heartbeatMs: 0, expression: long,
    })); // prettier-ignore
    const offered = { ...field(buses), derived: { device: "derived", points } };
    expect(code(offered)).toBe("CONFIG_TOO_LARGE");
    // nothing hides them from the count
    expect(code({ ...offered, text: "x", points: [], steps: [] })).toBe("CONFIG_TOO_LARGE");
    expect(code({ ...offered, derived: { ...offered.derived, text: "x", steps: 0 } })).toBe("CONFIG_TOO_LARGE");
  });
});

test("2 000 made-up programs are refused, or run without throwing", () => {
  const step = fc.oneof(
    fc.tuple(fc.constant("value"), fc.oneof(fc.double(), fc.boolean(), fc.string({ maxLength: 3 }))),
    fc.tuple(fc.constant("point"), fc.integer({ min: -1, max: 2 })),
    fc.tuple(fc.constant("operator"), fc.constantFrom("+", "and", "not", "negate", "==", "<", "x")),
    fc.tuple(
      fc.constant("call"),
      fc.constantFrom("if", "min", "good", "fallback", "abs"),
      fc.integer({ min: 0, max: 4 }),
    ),
  );
  let ran = 0;
  const property = fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
    const made = { text: "x", points: ["a/x", "a/y"], steps } as unknown as Expression;
    if (code(reckoned(made)) !== "taken") return;
    ran++;
    const { value, quality } = evaluator(made, new PointBook())();
    expect(value === null || quality === 0).toBe(true);
  });
  fc.assert(property, { numRuns: 2_000, seed: 4 });
  expect(ran).toBeGreaterThan(100);
});

describe("alarms and derived points that field could not rely on are refused", () => {
  const condition = { kind: "high", point: "well/level", limit: 1, hysteresis: 0 };
  test.each([
    ["a name twice", [rule(), rule()], "CONFIG_NAME_DUPLICATE"],
    ["a name of the gateway's own", [rule({ name: "tamper" })], "CONFIG_NAME_DUPLICATE"],
    ["another kind", [{ ...rule(), condition: { ...condition, kind: "odd" } }], "CONFIG_SNAPSHOT_MALFORMED"],
    ["no point", [{ ...rule(), condition: { ...condition, point: "level" } }], "CONFIG_SNAPSHOT_MALFORMED"],
    ["a negative hysteresis", [{ ...rule(), condition: { ...condition, hysteresis: -1 } }], "CONFIG_SNAPSHOT_MALFORMED"],
    ["a delay for ever", [{ ...rule(), onDelayMs: 1e12 }], "CONFIG_SNAPSHOT_MALFORMED"],
    ["a stuck time of nothing", [{ ...rule(), condition: { kind: "unchanged", point: "a/b", forMs: 0, deadband: 0 } }], "CONFIG_SNAPSHOT_MALFORMED"],
    ["a window of nothing", [{ ...rule(), condition: { kind: "rate", point: "a/b", perSecondMax: 1, windowMs: 0, hysteresis: 0 } }], "CONFIG_SNAPSHOT_MALFORMED"],
    ["a window for ever", [{ ...rule(), condition: { kind: "rate", point: "a/b", perSecondMax: 1, windowMs: 1e12, hysteresis: 0 } }], "CONFIG_SNAPSHOT_MALFORMED"],
    ["a shelf for ever", [{ ...rule(), shelveMsMax: 1e12 }], "CONFIG_SNAPSHOT_MALFORMED"],
    ["a suppression that would not run", [{ ...rule(), suppressedWhen: { text: "x", points: [], steps: [["operator", "+"]] } }], "CONFIG_SNAPSHOT_MALFORMED"],
    ["a condition that would not run", [{ ...rule(), condition: { kind: "when", expression: { text: "x", points: [], steps: [["operator", "+"]] } } }], "CONFIG_SNAPSHOT_MALFORMED"],
    ["text with an escape", [{ ...rule(), text: { en: "\u001b[2J" } }], "CONFIG_SNAPSHOT_MALFORMED"],
    ["an object for a state", [{ ...rule(), condition: { kind: "state", point: "a/b", is: {} } }], "CONFIG_SNAPSHOT_MALFORMED"],
  ])("%s", (_what, rules, expected) => {
    expect(code({ ...field(buses), alarms: { device: "alarms", system: {}, rules } })).toBe(expected);
  }); // prettier-ignore

  test("and so are sources that share a name, and settings of alarms that do not exist", () => {
    expect(code(field(buses, { alarms: alarmsOf([], { device: "well" }) }))).toBe("CONFIG_NAME_DUPLICATE");
    expect(code({ ...field(buses), alarms: { ...alarmsOf([]), system: { constructor: "off" } } })).toBe(
      "CONFIG_SNAPSHOT_MALFORMED",
    );
    expect(code(reckoned(expression("1"), { everyMs: 1 }))).toBe("CONFIG_SNAPSHOT_MALFORMED");
  });
});

test("more alarms and devices than one roster holds are refused", () => {
  const whole = bus("line", [device("well", 1)]);
  const [first] = whole.devices;
  const [point] = first?.points ?? [];
  if (first === undefined || point === undefined) throw new Error("a device with a point is wanted");
  const points = Array.from({ length: 5_000 }, (_, n) => ({ ...point, name: `${"x".repeat(59)}${n}` }));
  const devices = Array.from({ length: 5 }, (_, n) => ({ ...first, name: `d${n}`, unit: n + 1, points }));
  const rules = Array.from({ length: 5_000 }, (_, n) => ({ ...rule(), name: `${"x".repeat(59)}${n}` }));
  const full = field([{ ...whole, devices }]);
  expect(code(full)).toBe("taken");
  expect(code({ ...full, alarms: alarmsOf(rules) })).toBe("CONFIG_TOO_LARGE");
});

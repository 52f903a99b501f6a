import fc from "fast-check";
import { expect, test } from "vitest";
import { checkFieldSnapshot } from "../../../agent/field/configuration/check.ts";
import { RIGHT, compile } from "./gateway-file.ts";

const FUZZ_MS_MAX = 60_000;

const FILE = `${RIGHT}derived:
  points:
    - { name: total, expression: "[pump-1/speed] + [pump-2/speed] / 2", unit: rpm, low: 0, high: 9 }
    - { name: word, expression: "if([derived/total] > 3 and good([meter-1/power]), 'busy', 'idle')" }
alarms:
  device: alarms
  system: { tamper: "off", second-master: low }
  rules:
    - { name: a, priority: high, text: { en: A, de: B }, high: { point: derived/total, limit: 5, hysteresis: 1 }, onDelayMs: 5 }
    - { name: b, text: { en: A }, low: { point: meter-1/power, limit: 1 }, suppressedWhen: "[pump-1/speed] == 0" }
    - { name: c, text: { en: A }, rate: { point: meter-1/power, perSecondMax: 3, windowMs: 9000 }, shelveMsMax: 0 }
    - { name: d, text: { en: A }, state: { point: derived/word, is: busy }, acknowledge: false }
    - { name: e, text: { en: A }, unchanged: { point: meter-1/power, forMs: 60000, deadband: 0.1 } }
    - { name: f, text: { en: A }, noValue: { point: meter-1/power } }
    - { name: g, text: { en: A }, when: "not good([meter-1/power])" }
`;

const token = fc.constantFrom(
  ..."- ? : , [ ] { } & * ' \" 0 -1 1e9 .inf true null [a/b] + - * / % < == and or not if( ) good( 'x' when: high: is: point: name:".split(" "),
  "\n", "\n  ", " ", "\u2028",
); // prettier-ignore
const cut = fc.record({
  from: fc.integer({ min: RIGHT.length, max: FILE.length }),
  length: fc.nat(3),
  instead: fc.oneof(fc.constant(""), token, fc.string({ maxLength: 6 })),
});

test("the file itself is right", () => {
  expect(compile(FILE)).toHaveProperty("snapshot");
});

test(
  "1 500 damaged rules never throw, and what is still right passes the door of field",
  { timeout: FUZZ_MS_MAX },
  () => {
    let right = 0;
    const property = fc.property(fc.array(cut, { minLength: 1, maxLength: 2 }), (cuts) => {
      let text = FILE;
      for (const { from, length, instead } of cuts) text = text.slice(0, from) + instead + text.slice(from + length);
      const compiled = compile(text);
      if ("report" in compiled) {
        for (const { code } of compiled.report.findings) expect(code).not.toBe("CONFIG_SCHEMA");
        return;
      }
      right++;
      const field = JSON.parse(JSON.stringify(compiled.snapshot.field)) as object;
      expect(checkFieldSnapshot(field)).toBe(field);
    });
    fc.assert(property, { numRuns: 1_500 });
    expect(right).toBeGreaterThan(10);
  },
);

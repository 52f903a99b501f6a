import { describe, expect, test } from "vitest";
import { NORMAL, isActive, step } from "../../../../agent/field/alarms/transition.ts";
import type { Alarm, AlarmHappening } from "../../../../agent/field/alarms/transition.ts";

const HAPPENINGS: readonly AlarmHappening[] = [
  "raise",
  "again",
  "return",
  "acknowledge",
  "shelve",
  "unshelve",
  "suppress",
  "unsuppress",
];

/** `shelved+`: shelved, and its condition holds. */
function state(name: string): Alarm {
  const at = name.replace(/[+-]$/u, "") as Alarm["at"];
  return at === "shelved" || at === "suppressed" ? { at, active: name.endsWith("+") } : { at };
}

const nameOf = (alarm: Alarm): string => `${alarm.at}${"active" in alarm ? (alarm.active ? "+" : "-") : ""}`;

/** Every state with every happening, in the order above; · is nothing. */
const TABLE = {
  normal: "raised raised · · shelved- · suppressed- ·",
  raised: "· · returned acknowledged shelved+ · suppressed+ ·",
  acknowledged: "· raised normal · shelved+ · suppressed+ ·",
  returned: "raised raised · normal shelved- · suppressed- ·",
  "shelved+": "· · shelved- · · raised · ·",
  "shelved-": "shelved+ shelved+ · · · normal · ·",
  "suppressed+": "· · suppressed- · shelved+ · · raised",
  "suppressed-": "suppressed+ suppressed+ · · shelved- · · normal",
} as const;

const USUAL = { acknowledge: true, suppressed: false };

describe.each(Object.entries(TABLE))("from %s", (from, row) => {
  test.each(row.split(" ").map((to, index) => [HAPPENINGS[index] as AlarmHappening, to] as const))(
    "%s leads to %s",
    (happening, to) => {
      const before = state(from);
      const after = step(before, happening, USUAL);
      if (to === "·") expect(after).toBe(before);
      else expect(nameOf(after)).toBe(to);
    },
  );
});

test("an alarm that nobody has to acknowledge goes as it came", () => {
  const manner = { acknowledge: false, suppressed: false };
  expect(step(state("raised"), "return", manner)).toEqual(NORMAL);
});

test("from the shelf it goes where its rule would suppress it anyway", () => {
  const manner = { acknowledge: true, suppressed: true };
  expect(nameOf(step(state("shelved+"), "unshelve", manner))).toBe("suppressed+");
  expect(nameOf(step(state("suppressed+"), "unsuppress", manner))).toBe("raised");
});

test("no step ever loses whether the condition holds", () => {
  for (const from of Object.keys(TABLE).map(state))
    for (const happening of HAPPENINGS) {
      const expected =
        happening === "raise" || happening === "again" ? true : happening === "return" ? false : isActive(from);
      expect([nameOf(from), happening, isActive(step(from, happening, USUAL))]).toEqual([
        nameOf(from),
        happening,
        expected,
      ]);
    }
});

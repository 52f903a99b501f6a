import { describe, expect, test } from "vitest";
import { alarmsCommand } from "../../../agent/cli/alarms.ts";
import { alarmsLines } from "../../../agent/cli/alarms-lines.ts";
import { speaker } from "../../../agent/cli/words/phrase.ts";
import { durationMs } from "../../../agent/cli/duration.ts";
import type { AlarmsStatus } from "../../../agent/contract/alarms.ts";
import type { ControlReply, ControlRequest } from "../../../agent/contract/rooms.ts";
import { printed, standInKeeper } from "./stand-in-keeper.ts";

const alarms: AlarmsStatus = {
  total: 30,
  counts: { raised: 1, acknowledged: 0, returned: 0, shelved: 1, suppressed: 0 },
  shown: [
    {
      name: "well-high",
      priority: "high",
      state: "raised",
      active: true,
      text: { en: "Well level high\u001b[2J" },
      evidence: "well/level is 2.7 m, high limit 2.5",
      sinceMs: 0,
      raisedCount: 1,
    },
    {
      name: "door",
      priority: "low",
      state: "shelved",
      active: true,
      text: { en: "Door open" },
      evidence: "shelved for 30 min: painting",
      sinceMs: 60_000,
      raisedCount: 3,
      by: "anna (uid 0)",
      shelvedUntilMs: 1_860_000,
    },
  ],
};

test("a list says each alarm with what was seen, who did what, and nothing that a terminal would obey", () => {
  expect(alarmsLines(alarms, { isTty: false })).toEqual([
    "1 raised, 1 shelved; 30 in all",
    expect.stringMatching(/^RAISED well-high \(high\): Well level high[^\u001b]*$/u),
    "  since 1970-01-01T00:00:00Z",
    "  well/level is 2.7 m, high limit 2.5",
    "SHELVED door (low): Door open",
    "  since 1970-01-01T00:01:00Z by anna (uid 0) until 1970-01-01T00:31:00Z, its condition holds",
    "  shelved for 30 min: painting",
  ]);
});

test("a list in German keeps states and names, and a time that is none is no crash", () => {
  const [first] = alarms.shown;
  if (first === undefined) throw new TypeError("no alarm");
  const text = { en: "Well level high", de: "Schacht voll" };
  const lines = alarmsLines({ ...alarms, shown: [{ ...first, text, sinceMs: 9e15 }] }, { isTty: false }, speaker("de"));
  expect(lines).toEqual([
    "1 raised, 1 shelved; 30 insgesamt",
    "RAISED well-high (high): Schacht voll",
    "  seit zu unbekannter Zeit",
    "  well/level is 2.7 m, high limit 2.5",
    "und 1 weitere, weniger dringende",
  ]);
});

const done = ({ id }: ControlRequest): ControlReply => ({ kind: "done", id });

async function typed(args: readonly string[], answer = done) {
  await using keeper = await standInKeeper(answer);
  const { io, said } = printed();
  const exit = await alarmsCommand(args, { ...keeper.parts, who: "anna (uid 0)" }, io);
  return { exit, ...said, heard: keeper.heard };
}

describe("alarms", () => {
  test.each([
    [["acknowledge", "well-high"], { action: "acknowledge", alarm: "well-high", reason: "" }],
    [["acknowledge", "--all", "--reason", "seen"], { action: "acknowledge", alarm: "", reason: "seen" }],
    [["shelve", "door", "--for", "2h", "--reason", "painting"], { action: "shelve", alarm: "door", forMs: 7_200_000 }],
    [["unshelve", "door"], { action: "unshelve", alarm: "door" }],
  ])("%j reaches keeper with who typed it", async (args, order) => {
    const { exit, heard } = await typed(args);
    expect(exit).toBe(0);
    expect(heard).toEqual([expect.objectContaining({ kind: "alarm", by: "anna (uid 0)", ...order })]);
  });

  test.each([
    [["acknowledge"], /wants a NAME, or --all/u],
    [["acknowledge", "a", "--all"], /wants a NAME, or --all/u],
    [["unshelve", "--all"], /--all is for acknowledge/u],
    [["shelve", "a", "--reason", "x"], /--for/u],
    [["shelve", "a", "--for", "120"], /90s, 30m/u],
    [["acknowledge", "a", "--for", "2h"], /--for is for shelve/u],
    [["silence", "a"], /knows acknowledge, shelve, unshelve/u],
    [["acknowledge", "a b"], /no name/u],
    [["acknowledge", "a", "b"], /one NAME/u],
  ])("%j is used wrongly, and asks nobody", async (args, said) => {
    const { exit, err, heard } = await typed(args);
    expect([exit, err, heard]).toEqual([2, expect.stringMatching(said), []]);
  });

  test("what field refuses is said with its code, for programs too", async () => {
    const refused = { code: "ALARM_UNKNOWN", message: "there is no alarm x" };
    const said = await typed(["unshelve", "x", "--json"], ({ id }) => ({ kind: "done", id, refused }));
    expect([said.exit, said.err]).toEqual([1, "holdfast: ALARM_UNKNOWN: there is no alarm x\n"]);
    expect(JSON.parse(said.out)).toEqual({ action: "unshelve", alarm: "x", refused });
  });
});

test.each([
  ["90s", 90_000],
  ["1.5h", 5_400_000],
  ["1d", 86_400_000],
  ["90", undefined],
  ["-1h", undefined],
  ["2 h", undefined],
  ["1w", undefined],
])("%s is %s ms", (text, ms) => expect(durationMs(text)).toBe(ms));

import { describe, expect, test } from "vitest";
import { outputsCommand } from "../../../agent/cli/outputs.ts";
import { outputsLines } from "../../../agent/cli/outputs-lines.ts";
import { speaker } from "../../../agent/cli/words/phrase.ts";
import type { OutputsStatus } from "../../../agent/contract/outputs.ts";
import type { ControlReply, ControlRequest } from "../../../agent/contract/rooms.ts";
import { printed, standInKeeper } from "./stand-in-keeper.ts";

const outputs: OutputsStatus = {
  outputs: [
    {
      output: "pump-1/run",
      state: "held",
      value: true,
      quality: "good",
      commanded: true,
      commandedMs: 1,
      refused: [
        { code: "WRITE_HELD", message: "held by anna (uid 0): impeller" },
        { code: "WRITE_NOT_PERMITTED", message: "well too low" },
      ],
    },
    { output: "valve/position", state: "pending", value: null, quality: "bad" },
  ],
  hold: { by: "anna (uid 0)", reason: "impeller", sinceMs: 0, outputs: ["pump-1/run"] },
  plan: {
    state: "incomplete",
    worstCaseMs: 2_400,
    trigger: "flooded",
    sinceMs: 0,
    open: [{ output: "valve/position", message: "not confirmed: no usable answer" }],
  },
  warnings: [{ code: "LOSS_TIMER_OFF", device: "pump-1", message: "the timer of pump-1 is off\u001b[2J" }],
};

test("a list says the state of each output, every reason against a write, the hold, the plan and warnings", () => {
  expect(outputsLines(outputs, { isTty: false })).toEqual([
    "pump-1/run      held     true  written true",
    "                WRITE_HELD held by anna (uid 0): impeller",
    "                WRITE_NOT_PERMITTED well too low",
    "valve/position  pending  — (bad)",
    "held by anna (uid 0) since 1970-01-01T00:00:00Z: impeller (pump-1/run)",
    "plan incomplete, due by flooded since 1970-01-01T00:00:00Z (2400 ms at most)",
    "  valve/position: not confirmed: no usable answer",
    "warning LOSS_TIMER_OFF: the timer of pump-1 is off\\u{1b}[2J",
  ]);
});

test("a list in German keeps states, codes and names", () => {
  const lines = outputsLines(outputs, { isTty: false }, speaker("de"));
  expect(lines).toContain("festgehalten von anna (uid 0) seit 1970-01-01T00:00:00Z: impeller (pump-1/run)");
  expect(lines).toContain("Plan incomplete, ausgelöst durch flooded seit 1970-01-01T00:00:00Z (höchstens 2400 ms)");
});

async function run(args: readonly string[], answer: (request: ControlRequest) => ControlReply | undefined) {
  await using keeper = await standInKeeper(answer);
  const { io, said } = printed();
  const code = await outputsCommand(args, { ...keeper.parts, who: "anna (uid 0)" }, io);
  return { code, said, heard: keeper.heard };
}

describe("outputs", () => {
  test.each(["hold", "to-plan", "release"])("%s asks keeper, with who and why", async (action) => {
    const { code, heard, said } = await run([action, "pump-1/run", "--reason", "leak"], ({ id }) => ({
      kind: "done",
      id,
    }));
    expect(code).toBe(0);
    expect(heard).toMatchObject([
      { kind: "outputs", action, outputs: ["pump-1/run"], by: "anna (uid 0)", reason: "leak" },
    ]);
    expect(said.out).toMatch(/^pump-1\/run: /);
  });

  test("answers in the language asked for", async () => {
    const { said } = await run(["release", "--lang=de"], ({ id }) => ({ kind: "done", id }));
    expect(said.out).toBe("alle Ausgänge: freigegeben: dadurch wurde nichts geschrieben\n");
    expect((await run(["--lang=fr"], () => undefined)).code).toBe(2);
  });

  test("says what was refused and exits 1", async () => {
    const refused = { code: "OUTPUTS_TRIGGER_HOLDS", message: "trigger flooded still holds" };
    const { code, said } = await run(["release"], ({ id }) => ({ kind: "done", id, refused }));
    expect(code).toBe(1);
    expect(said.err).toBe("holdfast: OUTPUTS_TRIGGER_HOLDS: trigger flooded still holds\n");
  });

  test.each([[["stop"]], [["hold", "pump"]], [["hold", "--because"]]])(
    "used wrongly (%j) asks nobody",
    async (args) => {
      const { code, heard } = await run(args, () => undefined);
      expect(code).toBe(2);
      expect(heard).toEqual([]);
    },
  );
});

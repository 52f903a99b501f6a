import { expect, test } from "vitest";
import { FAULT_WORDS, parseFault } from "../../../scripts/demo/fault-words.ts";

const parse = (...words: string[]) => parseFault(JSON.stringify(words), ["pump-1", "energy-meter"], ["line-1"], 1_000);

test("a fault lasts as long as it was asked to, counted from now", () => {
  expect(parse("pump-1", "silence", "5")).toMatchObject({
    do: "inject",
    target: "pump-1",
    injection: { kind: "silence", untilMs: 6_000 },
    says: "pump-1: silence for 5 s",
  });
});

test.each(FAULT_WORDS)("%s is a fault one can ask for", (word) => {
  expect(parse("energy-meter", word)).toMatchObject({ do: "inject", injection: { untilMs: 21_000 } });
});

test("a cable is unplugged and plugged, and nothing else", () => {
  expect(parse("line-1", "unplug")).toMatchObject({ do: "unplug", target: "line-1" });
  expect(parse("line-1", "silence")).toEqual({ refused: "line-1 is a cable: unplug or plug" });
});

test("on a line somebody else can read or write for a while, on another cable nobody can", () => {
  const line = (...words: string[]) => parseFault(JSON.stringify(words), [], ["line-1", "broker"], 0, ["line-1"]);
  expect(line("line-1", "master")).toMatchObject({ do: "master", target: "line-1", seconds: 20 });
  expect(line("line-1", "writer", "5")).toMatchObject({ do: "writer", seconds: 5 });
  expect(line("line-1", "writer", "0")).toEqual({ refused: "seconds must be above 0 and at most 3600" });
  expect(line("line-1", "silence")).toMatchObject({ refused: expect.stringContaining("master or writer") });
  expect(line("broker", "master")).toEqual({ refused: "broker is a cable: unplug or plug" });
});

test.each([
  [["pump-9", "silence"], 'no "pump-9" here: pump-1, energy-meter, line-1'],
  [["pump-1", "explode"], 'no fault "explode"'],
  [["pump-1", "silence", "soon"], "seconds must be above 0"],
  [["pump-1", "silence", "0"], "seconds must be above 0"],
  [["pump-1", "constructor"], 'no fault "constructor"'],
])("%j is refused with what would be right", (words, wanted) => {
  const order = parse(...words);
  expect("refused" in order ? order.refused : "").toContain(wanted);
});

test("bytes that are no list of words are refused", () => {
  for (const line of ["", "{", "{}", "[1]", "null"]) {
    expect(parseFault(line, [], [], 0)).toEqual({ refused: "not a list of words" });
  }
});

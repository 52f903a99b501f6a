import { expect, test } from "vitest";
import { speaker } from "../../../agent/cli/words/phrase.ts";
import { paintFor } from "../../../agent/cli/paint.ts";
import { pointLines } from "../../../agent/cli/point-lines.ts";
import type { PointStatus } from "../../../agent/contract/status.ts";

const lines = (...points: readonly Partial<PointStatus>[]): readonly string[] =>
  pointLines(
    points.map((point) => ({
      name: "p",
      type: "record",
      value: null,
      quality: "good",
      reason: "ok",
      timeMs: 0,
      sequence: 0,
      ...point,
    })),
    80,
    speaker("en"),
    paintFor(false),
  );
const plate = [{ name: "maker" }, { name: "power", unit: "kW" }, { name: "sealed" }];
const curve = [{ name: "flow", unit: "m3/h" }, { name: "head" }];

test("a record says each of its members by name and unit, below the points that are one value", () => {
  expect(
    lines(
      { name: "nameplate", members: plate, value: ["Holdfast", 7.5, true] },
      { name: "speed", value: 12, unit: "rpm" },
    ),
  ).toEqual(["    speed     12 rpm good", "    nameplate good  maker Holdfast  power 7.5 kW  sealed on"]);
});

test("a record with rows is a table, of as many rows as there is room for", () => {
  const value = Array.from({ length: 2 * 11 }, (_, i) => i * 10);
  const shown = lines({ name: "curve", members: curve, value });
  expect(shown.slice(0, 3)).toEqual(["    curve good", "      flow m3/h  head", "              0    10"]);
  expect(shown.at(-1)).toBe("      and 3 more rows");
  expect(shown).toHaveLength(11);
});

test("a record without values, or without one, shows what is missing and why", () => {
  expect(lines({ name: "nameplate", members: plate, quality: "bad", reason: "never-read" })).toEqual([
    "    nameplate bad: never-read  maker -  power - kW  sealed -",
  ]);
  expect(
    lines({ name: "n", members: plate, value: ["", null, false], quality: "bad", reason: "not-a-number" }),
  ).toEqual(["    n bad: not-a-number  maker   power - kW  sealed off"]);
});

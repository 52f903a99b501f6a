import { stripVTControlCharacters, styleText } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fold } from "../../../agent/cli/fold.ts";
import { statusLines } from "../../../agent/cli/status-lines.ts";
import { anyStatus } from "./why/any-status.ts";

test("what fits stays as it is, what does not goes on below where its text began", () => {
  expect(fold("uplink    online", 16)).toEqual(["uplink    online"]);
  expect(fold("uplink    online births 4 data 12", 24)).toEqual(["uplink    online births", "          4 data 12"]);
  expect(fold("  Abhilfe 1. Hat es Spannung?", 20)).toEqual(["  Abhilfe 1. Hat es", "          Spannung?"]);
  expect(fold("    DEVICE_NO_REPLY no answer", 22)).toEqual(["    DEVICE_NO_REPLY no", "      answer"]);
});

test("colours take no room, and a word that is longer than the screen is not cut", () => {
  const red = styleText("red", "not answering", { validateStream: false });
  expect(fold(`uplink    ${red}`, 23)).toEqual([`uplink    ${red}`]);
  // blanks that only fill a column up are no reason for another row
  const padded = styleText("red", "good    ", { validateStream: false });
  expect(fold(`flow ${padded}`, 9)).toEqual([`flow ${padded}`]);
  expect(fold(`bus  /dev/serial/by-id/usb-1`, 10)).toEqual(["bus", "  /dev/serial/by-id/usb-1"]);
});

test("any status fits 80 columns, and no word of it is lost", () => {
  fc.assert(
    fc.property(anyStatus, fc.constantFrom("en", "de"), (status, language) => {
      for (const line of statusLines(status, { colour: true, columns: 80, language })) {
        const rows = fold(line, 80);
        for (const row of rows) expect(stripVTControlCharacters(row).length).toBeLessThanOrEqual(80);
        const words = (text: string): string => stripVTControlCharacters(text).split(/\s+/u).join(" ").trim();
        expect(words(rows.join("\n"))).toBe(words(line));
      }
    }),
    { numRuns: 200, seed: 4 },
  );
});

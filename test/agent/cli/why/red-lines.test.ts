import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { statusLines } from "../../../../agent/cli/status-lines.ts";
import { about } from "../../../../agent/cli/why/about.ts";
import { troublesOf } from "../../../../agent/cli/why/troubles.ts";
import type { GatewayStatus } from "../../../../agent/contract/status.ts";
import { anyStatus } from "./any-status.ts";

const RED = "\u001b[31m";

/** Every red line with the name that stands at its left, or above it: what a person would ask about. */
function redNames(status: GatewayStatus): readonly string[] {
  const names: string[] = [];
  let name = "";
  for (const line of statusLines(status, { colour: true, columns: 80 })) {
    const plain = stripVTControlCharacters(line);
    const [, label] = /^(?: {2})?(\S+)/u.exec(plain) ?? [];
    name = label ?? name;
    if (line.includes(RED)) names.push(name);
  }
  return names;
}

function isRed(status: GatewayStatus, name: string): boolean {
  return (about(status, troublesOf(status), name) ?? []).some(({ severity }) => severity === "red");
}

test("whatever is wrong, each red line has a red why under the name it stands at, and the screen says where to ask", () => {
  fc.assert(
    fc.property(anyStatus, (status) => {
      const names = redNames(status);
      for (const name of names) if (!isRed(status, name)) throw new Error(`no why for the red line of ${name}`);
      const hint = statusLines(status, { colour: false }).some((line) => line.startsWith("`holdfast why`"));
      expect(hint || names.length === 0).toBe(true);
    }),
    { numRuns: 2_000, seed: 4 },
  );
});

test("each point that is shown red has a why under its own name, wherever its bus and device are", () => {
  fc.assert(
    fc.property(anyStatus, (status) => {
      if (status.field === null) return;
      const sources = [...status.field.buses.flatMap(({ devices }) => devices), ...(status.field.local ?? [])];
      for (const { name, points } of sources)
        for (const point of points)
          if (point.quality === "bad" || point.quality === "stale")
            expect(isRed(status, `${name}/${point.name}`), `${name}/${point.name}`).toBe(true);
    }),
    { numRuns: 500, seed: 4 },
  );
});

test("each trouble has its evidence and its steps in both languages, with no fact left out", async () => {
  const { speaker } = await import("../../../../agent/cli/words/phrase.ts");
  const { troubleLines } = await import("../../../../agent/cli/why/lines.ts");
  const plain = (_format: string, text: string): string => text;
  fc.assert(
    fc.property(anyStatus, fc.constantFrom("en", "de"), (status, language) => {
      for (const one of troublesOf(status)) {
        const text = troubleLines(one, speaker(language), plain).join("\n");
        expect(text).not.toMatch(/\{\w+\}|undefined|NaN/u);
        expect(text).toMatch(/1\. \S/u);
      }
    }),
    { numRuns: 500, seed: 4 },
  );
});

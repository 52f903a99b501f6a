import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ALARMS } from "../../../../agent/cli/words/alarm-words.ts";
import { CAUSES, causeOf } from "../../../../agent/cli/words/causes.ts";
import { EVIDENCE } from "../../../../agent/cli/words/evidence.ts";
import { languageOf } from "../../../../agent/cli/words/language.ts";
import { OUTPUTS } from "../../../../agent/cli/words/output-words.ts";
import { speaker } from "../../../../agent/cli/words/phrase.ts";
import type { Phrase } from "../../../../agent/cli/words/phrase.ts";
import { COUNTED, STATUS } from "../../../../agent/cli/words/status-words.ts";
import { UPLINK } from "../../../../agent/cli/words/uplink-words.ts";
import { WHY } from "../../../../agent/cli/words/why-words.ts";
import { SYSTEM_ALARMS } from "../../../../agent/contract/alarms.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const PHRASES: readonly Phrase[] = [
  ...[ALARMS, EVIDENCE, OUTPUTS, STATUS, COUNTED, UPLINK, WHY].flatMap((table) => Object.values<Phrase>(table)),
  ...Object.values(CAUSES).flatMap(({ title, steps }) => [title, ...steps]),
];

describe("the catalogue", () => {
  test("says everything in every language, with the same facts", () => {
    const facts = (text: string) => [...text.matchAll(/\{\w+\}/gu)].map(([name]) => name).toSorted();
    for (const phrase of PHRASES) {
      expect(phrase.en.trim(), phrase.de).not.toBe("");
      expect(phrase.de.trim(), phrase.en).not.toBe("");
      expect(facts(phrase.de), phrase.en).toEqual(facts(phrase.en));
    }
  });

  test("names the same commands in every language", () => {
    const commands = (text: string) =>
      [...text.matchAll(/`holdfast ([a-z-]+(?: [a-z-]+)?)/gu)].map(([, words]) => words?.split(" ")[0]);
    for (const phrase of PHRASES) expect(commands(phrase.de), phrase.en).toEqual(commands(phrase.en));
  });

  test("has words for every fault that a status can carry, and a next step for each", () => {
    for (const code of codesOfFaults()) expect(Object.keys(CAUSES), code).toContain(code);
    for (const [code, { steps }] of Object.entries(CAUSES)) expect(steps.length, code).toBeGreaterThan(0);
  });

  test("a code of another version is said to be unknown, and not passed over", () => {
    expect(causeOf("BUS_FROM_TOMORROW").title.en).toContain("no words");
    expect(causeOf("toString").title.en).toContain("no words");
  });
});

describe("alarms of the gateway itself", () => {
  test.each(Object.keys(SYSTEM_ALARMS))("%s is explained, or is what a trouble of its own explains", (name) => {
    const elsewhere = ["plan-due", "plan-incomplete", "outputs-held", "no-communication-loss-timer"];
    if (!elsewhere.includes(name)) expect(Object.keys(CAUSES)).toContain(name);
  });
});

test.each([
  ["de", {}, "de"],
  ["fr", {}, undefined],
  [undefined, { LANG: "de_AT.UTF-8" }, "de"],
  [undefined, { LC_ALL: "C", LANG: "de_DE" }, "en"],
  [undefined, { LC_ALL: "", LC_MESSAGES: "de", LANG: "en_GB" }, "de"],
  [undefined, {}, "en"],
])("asked for %s with %j the language is %s", (asked, env, language) => {
  expect(languageOf(asked, env)).toBe(language);
});

test("a fact that nobody gave stays visible", () => {
  expect(speaker("de")({ en: "{a} of {b}", de: "{a} von {b}" }, { a: 0 })).toBe("0 von {b}");
});

/** Codes of faults that buses, devices and the uplink keep as their latest: those the machine and the rooms can name. */
function codesOfFaults(): readonly string[] {
  const files = globSync(
    [
      "agent/field/bus/**/*.ts",
      "agent/uplink/mqtt/fault.ts",
      "agent/uplink/notify/fault.ts",
      "agent/uplink/modbus-server/tally.ts",
      "hal/error.ts",
    ],
    { cwd: ROOT },
  );
  const text = files.map((file) => readFileSync(join(ROOT, file), "utf8")).join("\n");
  const codes = [...text.matchAll(/"((?:BUS|DEVICE|UPLINK|HAL|NOTIFY|MODBUS_SERVER)_[A-Z_]+[A-Z])"/gu)].map(
    ([, code]) => code as string,
  );
  expect(codes.length).toBeGreaterThan(60);
  return [...new Set(codes)];
}

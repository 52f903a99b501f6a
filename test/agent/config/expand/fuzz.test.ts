import fc from "fast-check";
import { Check } from "typebox/value";
import { expect, test } from "vitest";
import { CONFIG_CODES } from "../../../../agent/config/codes.ts";
import { ConfigReport } from "../../../../agent/contract/report.ts";
import { compileFolder } from "./folder.ts";
import { FOLDER } from "./station.ts";

const FUZZ_MS_MAX = 60_000;

const name = fc.constantFrom(...Object.keys(FOLDER));
const token = fc.constantFrom(
  "${",
  "}",
  "$${",
  "use: ",
  "csv: ",
  "with: ",
  "- ",
  "extends: station.yaml\n",
  '"',
  ",",
  "\n",
  "&a ",
  "*a",
  "{",
  "[",
);
const cut = fc.record({
  file: name,
  from: fc.nat(1_400),
  length: fc.nat(10),
  instead: fc.oneof(fc.constant(""), token, fc.string({ maxLength: 5 })),
});

test("3 000 damaged folders give a snapshot, or a report whose places exist", { timeout: FUZZ_MS_MAX }, () => {
  const property = fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), (cuts) => {
    const folder: Record<string, string> = { ...FOLDER };
    for (const { file, from, length, instead } of cuts) {
      const text = folder[file] ?? "";
      const at = from % (text.length + 1);
      folder[file] = text.slice(0, at) + instead + text.slice(at + length);
    }
    const compiled = compileFolder(folder);
    if ("snapshot" in compiled) return;
    expect(Check(ConfigReport, compiled.report)).toBe(true);
    for (const { code, file = "gateway.yaml", line, column } of compiled.report.findings) {
      expect(Object.hasOwn(CONFIG_CODES, code)).toBe(true);
      expect(code).not.toBe("CONFIG_SCHEMA");
      const lines = (folder[file] ?? "").replace(/^\ufeff/u, "").split("\n");
      expect(line).toBeLessThanOrEqual(lines.length);
      if (line > 0) expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    }
  });
  fc.assert(property, { numRuns: 3_000 });
});

import { expect, test } from "vitest";
import { forbiddenWords } from "../../../scripts/house/words.ts";

test.each([
  "// oxlint-disable-next-line no-console",
  "/* eslint-disable */",
  "// @ts-ignore",
  "// @ts-nocheck",
  'const path = "/home/ada/agent";',
  "see /root/logs",
  'mkdir("/tmp/holdfast")',
  "https://registry.example.org/pino",
  "-----BEGIN EC PRIVATE KEY-----",
])("%s is found, with its line", (text) => {
  expect(forbiddenWords(`fine\n${text}\n`)).toMatchObject([{ line: 2, text }]);
});

test.each(["/var/lib/holdfast", "docs/home/plan", "a/root/b", "tmpdir()", "-----BEGIN CERTIFICATE-----", "/tmp"])(
  "%s is nothing to complain about",
  (text) => {
    expect(forbiddenWords(text)).toEqual([]);
  },
);

import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { canonicalJson } from "../../../agent/config/canonical.ts";
import { RIGHT, edited, snapshotOf } from "./gateway-file.ts";

function shuffled(value: unknown, fraction: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, fraction));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => ({ key, part, rank: fraction() }));
  entries.sort((a, b) => a.rank - b.rank);
  return Object.fromEntries(entries.map(({ key, part }) => [key, shuffled(part, fraction)]));
}

test("the order of keys changes neither digest nor bytes", () => {
  const expected = canonicalJson(snapshotOf(RIGHT));
  const property = fc.property(
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 200, maxLength: 200 }),
    (ranks) => {
      const text = stringify(shuffled(parse(RIGHT), () => ranks.pop() ?? 0));
      expect(canonicalJson(snapshotOf(text))).toBe(expected);
    },
  );
  fc.assert(property, { numRuns: 50 });
});

test("comments, spelled-out defaults, flow style, aliases and a byte order mark change nothing", () => {
  const { digest } = snapshotOf(RIGHT);
  expect(snapshotOf(`# a comment\n${RIGHT.replace("unit: 2", "unit: 0x02 # hexadecimal")}`).digest).toBe(digest);
  expect(snapshotOf(edited({ "buses.0.rtu.baudRate": 19_200, "uplink.publishMs": 250 })).digest).toBe(digest);
  expect(snapshotOf(JSON.stringify(parse(RIGHT))).digest).toBe(digest);
  expect(snapshotOf(`\ufeff${RIGHT.replaceAll("\n", "\r\n")}`).digest).toBe(digest);
});

test("a setting that changes changes the digest", () => {
  const { digest } = snapshotOf(RIGHT);
  expect(snapshotOf(edited({ "buses.0.devices.0.unit": 3 })).digest).not.toBe(digest);
  expect(snapshotOf(edited({ "uplink.publishMs": 251 })).digest).not.toBe(digest);
});

test("the digest is the SHA-256 of the canonical JSON of both parts", () => {
  const { digest, field, uplink } = snapshotOf(RIGHT);
  const text = canonicalJson({ uplink, field });
  expect(text.startsWith('{"field":{"buses":')).toBe(true);
  expect(digest).toBe(createHash("sha256").update(text).digest("hex"));
});

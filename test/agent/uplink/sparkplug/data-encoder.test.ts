import fc from "fast-check";
import { expect, test } from "vitest";
import { POINT_TYPES, QUALITIES } from "../../../../agent/contract/point.ts";
import type { PointType, PointValue } from "../../../../agent/contract/point.ts";
import { DataEncoder, aliasField } from "../../../../agent/uplink/sparkplug/data-encoder.ts";
import { DATA_TYPE_OF_POINT, DataType } from "../../../../agent/uplink/sparkplug/datatype.ts";
import { encodePayload } from "../../../../agent/uplink/sparkplug/encode.ts";
import type { Metric } from "../../../../agent/uplink/sparkplug/payload.ts";
import { qualityProperties } from "../../../../agent/uplink/sparkplug/quality.ts";
import { recordField, recordValue } from "../../../../agent/uplink/sparkplug/record.ts";
import { pointScalar } from "../../../../agent/uplink/sparkplug/value.ts";

const value: fc.Arbitrary<PointValue> = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.string({ maxLength: 250, unit: "grapheme" }),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 65n }).map(String),
  fc.constant(null),
);
const sample = fc.record({
  type: fc.constantFrom(...POINT_TYPES),
  alias: fc.nat({ max: 5_000_000 }),
  value,
  timeMs: fc.oneof(fc.constant(1_767_225_600_123), fc.double({ min: -1e6, max: 1e13, noNaN: true })),
  quality: fc.option(fc.nat({ max: QUALITIES.length - 1 }), { nil: undefined }),
  historical: fc.boolean(),
});

test("the fast encoder writes byte for byte what the plain one writes, within the bound it announces", () => {
  const encoder = new DataEncoder();
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 20 }), fc.nat({ max: 255 }), (samples, seq) => {
      encoder.begin(1_000);
      encoder.annotation(aliasField(8), 1_000, Number.MAX_SAFE_INTEGER);
      encoder.annotation(aliasField(9), 1_000, "untrusted");
      const metrics: Metric[] = [
        { alias: 8, timestamp: 1_000, type: DataType.UInt64, value: BigInt(Number.MAX_SAFE_INTEGER) },
        { alias: 9, timestamp: 1_000, type: DataType.String, value: "untrusted" },
      ];
      for (const one of samples) {
        const scalar = pointScalar(one.type, one.value);
        encoder.value(one.type, aliasField(one.alias), scalar, one.timeMs, one.quality, one.historical);
        const quality = one.quality === undefined ? undefined : QUALITIES[one.quality];
        metrics.push({
          alias: one.alias,
          timestamp: one.timeMs,
          type: DATA_TYPE_OF_POINT[one.type],
          historical: one.historical,
          value: scalar,
          ...(quality === undefined ? {} : { properties: qualityProperties(quality) }),
        });
      }
      const bound = encoder.bytesMax;
      const bytes = encoder.finish(seq);
      expect(Buffer.from(bytes)).toEqual(Buffer.from(encodePayload({ timestamp: 1_000, seq, metrics }, false)));
      expect(bytes.length).toBeLessThanOrEqual(bound);
    }),
    { numRuns: 1_000 },
  );
});

test("a record's field goes into the message as it is, and counts in the bound", () => {
  const shape = { rows: 2, members: [{ name: "note", type: "string" as const }] };
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.boolean(), (start, historical) => {
      const text = start.padEnd(500, "x");
      const encoder = new DataEncoder();
      encoder.begin(5);
      const field = recordField(shape, [text, "b"], 5);
      encoder.value("record", aliasField(8), field, 5, 0, historical);
      const bound = encoder.bytesMax;
      const bytes = encoder.finish(1);
      expect(bytes.length).toBeLessThanOrEqual(bound);
      const metric: Metric = {
        alias: 8,
        timestamp: 5,
        type: DataType.DataSet,
        historical,
        value: recordValue(shape, [text, "b"], 5),
        properties: qualityProperties(QUALITIES[0]),
      };
      expect(Buffer.from(bytes)).toEqual(
        Buffer.from(encodePayload({ timestamp: 5, seq: 1, metrics: [metric] }, false)),
      );
    }),
    { numRuns: 200 },
  );
});

test.each<[PointType, PointValue, unknown]>([
  ["int16", -32_768, -32_768],
  ["int16", 32_768, null],
  ["uint32", 4_294_967_295, 4_294_967_295n],
  ["uint32", 1.5, null],
  ["int64", "-9223372036854775808", -(2n ** 63n)],
  ["int64", "9223372036854775808", null],
  ["uint64", "18446744073709551615", 2n ** 64n - 1n],
  ["uint64", "-1", null],
  ["uint64", "0x10", null],
  ["uint64", 12, 12n],
  ["float32", 1e39, null],
  ["float64", Number.NaN, null],
  ["bool", 1, null],
  ["string", 1, null],
])("a %s of %s is sent as %s", (type, offered, sent) => {
  expect(pointScalar(type, offered)).toBe(sent);
});

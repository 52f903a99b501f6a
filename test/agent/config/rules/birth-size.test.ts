import { expect, test } from "vitest";
import { BIRTH_METRIC_BYTES } from "../../../../agent/config/rules/size.ts";
import { QUALITIES } from "../../../../agent/contract/point.ts";
import { DataType } from "../../../../agent/uplink/sparkplug/datatype.ts";
import { encodePayload } from "../../../../agent/uplink/sparkplug/encode.ts";
import type { Scalar } from "../../../../agent/uplink/sparkplug/payload.ts";
import { qualityProperties } from "../../../../agent/uplink/sparkplug/quality.ts";

const NOW_MS = Date.UTC(2026, 0, 1);

/** What a metric adds to a birth beside its name. */
function metricBytes(type: number, value: Scalar | null, quality: (typeof QUALITIES)[number]): number {
  const bytes = (count: number): number =>
    encodePayload({
      timestamp: NOW_MS,
      seq: 1,
      metrics: Array.from({ length: count }, () => ({
        name: "",
        alias: 7,
        timestamp: NOW_MS,
        type,
        value,
        properties: qualityProperties(quality),
      })),
    }).length;
  return bytes(2) - bytes(1);
}

test("no metric of a birth is smaller than the rule says, and the smallest is hardly larger", () => {
  const types: readonly (readonly [number, Scalar | null])[] = [
    [DataType.Boolean, true],
    [DataType.Int16, 0],
    [DataType.UInt64, 0n],
    [DataType.Double, null],
    [DataType.Double, 0.5],
    [DataType.String, ""],
  ];
  const sizes = types.flatMap(([type, value]) => QUALITIES.map((quality) => metricBytes(type, value, quality)));
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(BIRTH_METRIC_BYTES);
  expect(Math.min(...sizes)).toBeLessThanOrEqual(BIRTH_METRIC_BYTES + 8);
});

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { QUALITIES } from "../../contract/point.ts";
import type { Quality } from "../../contract/point.ts";
import { DataType } from "./datatype.ts";
import { writeProperties } from "./encode.ts";
import { METRIC } from "./payload.ts";
import type { Property } from "./payload.ts";

/** @see Sparkplug B 3.0 §6.4.9 (Quality Codes): these three exist */
const BAD = 0;
const GOOD = 192;
const STALE = 500;

/** Uncertain has no code of its own: a host that knows only three must not take such a value for good. */
const CODE = { good: GOOD, stale: STALE, bad: BAD, uncertain: BAD } as const;

/**
 * The properties that say how good a value is: Sparkplug's own `Quality`, and our class and reason beside it, since
 * `Quality` cannot tell a value out of its engineering range from one that does not exist.
 */
export function qualityProperties(quality: Quality): readonly Property[] {
  return [
    { key: "Quality", type: DataType.Int32, value: CODE[quality.quality] },
    { key: "Holdfast/Quality", type: DataType.String, value: quality.quality },
    { key: "Holdfast/Reason", type: DataType.String, value: quality.reason },
  ];
}

/** The same as the ready-made `properties` field of a metric, by index into `QUALITIES`. */
export const QUALITY_FIELDS: readonly Uint8Array[] = QUALITIES.map((quality) => {
  const writer = new BinaryWriter().tag(METRIC.properties, WireType.LengthDelimited).fork();
  writeProperties(writer, qualityProperties(quality));
  return writer.join().finish();
});

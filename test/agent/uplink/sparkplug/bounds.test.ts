import { describe, expect, test } from "vitest";
import { DataType } from "../../../../agent/uplink/sparkplug/datatype.ts";
import { CELLS_MAX, COLUMNS_MAX } from "../../../../agent/uplink/sparkplug/decode-data-set.ts";
import { PROPERTIES_MAX } from "../../../../agent/uplink/sparkplug/decode-properties.ts";
import { PARAMETERS_MAX } from "../../../../agent/uplink/sparkplug/decode-template.ts";
import { METRICS_MAX, TEMPLATE_NESTING_MAX, decodePayload } from "../../../../agent/uplink/sparkplug/decode.ts";
import { encodePayload } from "../../../../agent/uplink/sparkplug/encode.ts";
import { METRIC } from "../../../../agent/uplink/sparkplug/payload.ts";
import type { Metric, Property } from "../../../../agent/uplink/sparkplug/payload.ts";
import { around, concat, refusal, text } from "./wire-pieces.ts";

test("a data set whose columns, types, number and rows disagree is malformed", () => {
  const column = text(2, "a");
  const type = Uint8Array.of(3 << 3, DataType.Int32);
  const row = Uint8Array.of((4 << 3) | 2, 4, (1 << 3) | 2, 2, 1 << 3, 9);
  const number = (count: number): Uint8Array => Uint8Array.of(1 << 3, count);
  const whole = (...parts: readonly Uint8Array[]): unknown => refusal(around(METRIC.datasetValue, concat(...parts)));
  expect(whole(number(1), column, type, row)).toBe("decoded");
  expect(whole(row, type, column)).toBe("decoded");
  expect(whole(number(2), column, type, row)).toBe("PAYLOAD_MALFORMED");
  expect(whole(number(1), column, row)).toBe("PAYLOAD_MALFORMED");
  expect(whole(number(1), type, row)).toBe("PAYLOAD_MALFORMED");
  expect(whole(number(2), column, column, type, type, row)).toBe("PAYLOAD_MALFORMED");
});

test("packed column types are read as well as single ones", () => {
  const packed = Uint8Array.of((3 << 3) | 2, 2, DataType.Int64, DataType.String);
  const bytes = around(METRIC.datasetValue, concat(text(2, "a"), text(2, "b"), packed));
  const decoded = decodePayload(bytes);
  expect("payload" in decoded ? decoded.payload.metrics[0]?.value : decoded).toEqual({
    kind: "data-set",
    columns: ["a", "b"],
    types: [4, 12],
    rows: [],
  });
});

describe("what a small message could come to is refused as a limit", () => {
  const repeated = (part: Uint8Array, times: number): Uint8Array =>
    concat(...Array.from({ length: times }, () => part));
  const emptyRow = Uint8Array.of((4 << 3) | 2, 0);
  const emptyMember = Uint8Array.of((2 << 3) | 2, 0);
  const emptyParameter = Uint8Array.of((3 << 3) | 2, 0);

  test.each<[string, number, Uint8Array, number]>([
    ["rows of nothing", METRIC.datasetValue, emptyRow, CELLS_MAX],
    ["members of nothing", METRIC.templateValue, emptyMember, METRICS_MAX - 1],
    ["parameters of nothing", METRIC.templateValue, emptyParameter, PARAMETERS_MAX],
  ])("%s", (_what, field, part, most) => {
    expect(refusal(around(field, repeated(part, most)))).toBe("decoded");
    expect(refusal(around(field, repeated(part, most + 1)))).toBe("PAYLOAD_LIMIT");
  });

  test("columns", () => {
    const columns = (count: number): Uint8Array =>
      around(METRIC.datasetValue, concat(repeated(text(2, ""), count), repeated(Uint8Array.of(3 << 3, 3), count)));
    expect(refusal(columns(COLUMNS_MAX))).toBe("decoded");
    expect(refusal(columns(COLUMNS_MAX + 1))).toBe("PAYLOAD_LIMIT");
  });

  test("two data sets that together have too many elements", () => {
    const half = around(METRIC.datasetValue, repeated(emptyRow, CELLS_MAX / 2 + 1));
    expect(refusal(half)).toBe("decoded");
    expect(refusal(concat(half, half))).toBe("PAYLOAD_LIMIT");
  });

  test("templates in templates", () => {
    const nested = (depth: number): Metric =>
      depth === 0
        ? { name: "leaf", type: DataType.Boolean, value: true }
        : { name: "t", type: DataType.Template, value: { kind: "template", metrics: [nested(depth - 1)] } };
    expect(refusal(encodePayload({ metrics: [nested(TEMPLATE_NESTING_MAX)] }))).toBe("decoded");
    expect(refusal(encodePayload({ metrics: [nested(TEMPLATE_NESTING_MAX + 1)] }))).toBe("PAYLOAD_LIMIT");
  });

  test("sets in a property set list, and lists in lists", () => {
    const listOf = (sets: readonly (readonly Property[])[]): Property => ({
      key: "l",
      type: DataType.PropertySetList,
      value: { sets },
    });
    const of = (property: Property): unknown => refusal(encodePayload({ metrics: [{ properties: [property] }] }));
    expect(of(listOf(Array.from({ length: PROPERTIES_MAX }, () => [])))).toBe("decoded");
    expect(of(listOf(Array.from({ length: PROPERTIES_MAX + 1 }, () => [])))).toBe("PAYLOAD_LIMIT");
    expect(of(listOf([[]]))).toBe("decoded");
    expect(of(listOf([[listOf([[]])]]))).toBe("PAYLOAD_LIMIT");
  });
});

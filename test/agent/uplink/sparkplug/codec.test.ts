import fc from "fast-check";
import { get } from "sparkplug-payload";
import { expect, test } from "vitest";
import { DataType } from "../../../../agent/uplink/sparkplug/datatype.ts";
import { PROPERTIES_MAX } from "../../../../agent/uplink/sparkplug/decode-properties.ts";
import { METRICS_MAX, decodePayload } from "../../../../agent/uplink/sparkplug/decode.ts";
import { encodePayload } from "../../../../agent/uplink/sparkplug/encode.ts";
import type { Metric, Payload, Property, Scalar } from "../../../../agent/uplink/sparkplug/payload.ts";
import { TEXT_BYTES_MAX } from "../../../../agent/uplink/sparkplug/wire-reader.ts";

/** The reference implementation in JavaScript: a decoder and encoder that share nothing with ours. */
const oracle = (() => {
  const found = get("spBv1.0");
  if (found === null) throw new Error("sparkplug-payload has no spBv1.0");
  return found;
})();

const NAMES = Object.fromEntries(Object.entries(DataType).map(([name, type]) => [type, name]));

const integer = (min: number, max: number) => fc.integer({ min, max });
const float = fc.float({ noNaN: true });
const scalars: readonly (readonly [number, fc.Arbitrary<Scalar>])[] = [
  [DataType.Int8, integer(-0x80, 0x7f)],
  [DataType.Int16, integer(-0x8000, 0x7fff)],
  [DataType.Int32, integer(-0x8000_0000, 0x7fff_ffff)],
  [DataType.Int64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [DataType.UInt8, integer(0, 0xff)],
  [DataType.UInt16, integer(0, 0xffff)],
  [DataType.UInt32, integer(0, 0xffff_ffff)],
  [DataType.UInt64, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  [DataType.Float, float],
  [DataType.Double, fc.double()],
  [DataType.Boolean, fc.boolean()],
  [DataType.String, fc.string({ unit: "grapheme" })],
  [DataType.DateTime, fc.bigInt({ min: 0n, max: 2n ** 53n })],
  [DataType.Text, fc.string()],
  [DataType.UUID, fc.uuid()],
  [DataType.Bytes, fc.uint8Array()],
];
const typedScalar = fc.oneof(...scalars.map(([type, value]) => value.map((one) => ({ type, value: one }))));
const property: fc.Arbitrary<Property> = fc.oneof(
  fc
    .tuple(
      fc.string(),
      typedScalar.filter(({ type }) => type !== DataType.Bytes),
    )
    .map(([key, { type, value }]) => ({ key, type, value })),
  fc.string().map((key) => ({ key, type: DataType.String, value: null })),
);
const metric: fc.Arbitrary<Metric> = fc
  .tuple(
    fc.record(
      {
        name: fc.string(),
        alias: integer(0, 2 ** 31),
        timestamp: fc.nat({ max: 2 ** 45 }),
        historical: fc.constant(true),
        transient: fc.constant(true),
        properties: fc.uniqueArray(property, { maxLength: 5, selector: ({ key }) => key }),
      },
      { requiredKeys: [] },
    ),
    fc.oneof(typedScalar, fc.constant({ type: DataType.Int16, value: null })),
  )
  .map(([fields, value]) => ({ ...fields, ...value }));
const payload: fc.Arbitrary<Payload> = fc.record(
  { timestamp: fc.nat({ max: 2 ** 45 }), seq: integer(0, 255), metrics: fc.array(metric, { maxLength: 8 }) },
  { requiredKeys: ["metrics"] },
);

/** The reference gives 64-bit integers as two halves. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("low" in value && "high" in value)) return value;
  const whole = (BigInt(Number(value.high)) << 32n) | BigInt(Number(value.low) >>> 0);
  return "unsigned" in value && value.unsigned === true ? BigInt.asUintN(64, whole) : whole;
}

test("what is encoded decodes to the same, for every scalar type with its sign and width", () => {
  fc.assert(
    fc.property(payload, (original) => {
      const decoded = decodePayload(encodePayload(original));
      expect(decoded).toEqual({ payload: original });
    }),
    { numRuns: 2_000 },
  );
});

test("the reference decoder reads our values, negative integers included", () => {
  fc.assert(
    fc.property(typedScalar, fc.nat({ max: 2 ** 45 }), ({ type, value }, timestamp) => {
      const bytes = encodePayload({ timestamp, seq: 7, metrics: [{ name: "m", alias: 3, timestamp, type, value }] });
      const read = oracle.decodePayload(bytes);
      expect(Number(read.seq)).toBe(7);
      expect(Number(read.timestamp)).toBe(timestamp);
      const one = read.metrics?.[0];
      expect(one?.name).toBe("m");
      expect(Number(one?.alias)).toBe(3);
      expect(one?.type).toBe(NAMES[type]);
      // the reference looks for UInt32 in the 64-bit field, against the specification's table (eclipse-tahu/tahu#397)
      if (type === DataType.UInt32) return;
      const got = plain(one?.value);
      if (type === DataType.Bytes) expect(Buffer.from(got as Uint8Array)).toEqual(Buffer.from(value as Uint8Array));
      else expect(typeof got === "number" && typeof value === "bigint" ? BigInt(got) : got).toEqual(value);
    }),
    { numRuns: 2_000 },
  );
});

test("the reference decoder finds null values, flags and properties where they belong", () => {
  const read = oracle.decodePayload(
    encodePayload({
      timestamp: 1,
      metrics: [
        {
          name: "level",
          type: DataType.Double,
          value: null,
          historical: true,
          properties: [
            { key: "Quality", type: DataType.Int32, value: 500 },
            { key: "engUnit", type: DataType.String, value: "m" },
            { key: "nested", type: DataType.PropertySet, value: [{ key: "a", type: DataType.Boolean, value: true }] },
          ],
        },
      ],
    }),
  );
  expect(read.metrics?.[0]).toMatchObject({
    value: null,
    isHistorical: true,
    properties: {
      Quality: { type: "Int32", value: 500 },
      engUnit: { type: "String", value: "m" },
      nested: { type: "PropertySet", value: { a: { type: "Boolean", value: true } } },
    },
  });
});

test("we read what the reference encodes, UInt32 in its 64-bit field included", () => {
  fc.assert(
    fc.property(typedScalar, ({ type, value }) => {
      const metrics = [{ name: "m", type: NAMES[type] as "Int8", value: value as number, timestamp: 12 }];
      const decoded = decodePayload(oracle.encodePayload({ timestamp: 5, seq: 9, metrics }));
      expect(decoded).toMatchObject({ payload: { timestamp: 5, seq: 9 } });
      const one = "payload" in decoded ? decoded.payload.metrics[0] : undefined;
      expect(one).toMatchObject({ name: "m", type, timestamp: 12 });
      if (typeof value !== "bigint") expect(one?.value).toEqual(value);
    }),
    { numRuns: 2_000 },
  );
});

test("no bytes make the decoder throw: noise, and valid payloads with damage", () => {
  let refused = 0;
  const verdict = (bytes: Uint8Array): void => {
    const decoded = decodePayload(bytes);
    if ("refusal" in decoded) {
      refused += 1;
      expect(["PAYLOAD_MALFORMED", "PAYLOAD_LIMIT"]).toContain(decoded.refusal);
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), verdict), { numRuns: 60_000 });
  fc.assert(
    fc.property(
      payload,
      fc.array(fc.tuple(fc.nat(), integer(0, 255)), { minLength: 1, maxLength: 4 }),
      (whole, damage) => {
        const bytes = encodePayload(whole);
        for (const [at, value] of damage) if (bytes.length > 0) bytes[at % bytes.length] = value;
        verdict(bytes);
        verdict(bytes.subarray(0, (damage[0]?.[0] ?? 0) % (bytes.length + 1)));
      },
    ),
    { numRuns: 25_000 },
  );
  expect(refused).toBeGreaterThan(1_000);
});

test("more metrics, properties, nesting or text than anyone has reason to send is refused as a limit", () => {
  const many = (count: number): Metric[] => Array.from({ length: count }, () => ({ alias: 1 }));
  const limit = (metrics: readonly Metric[]) => decodePayload(encodePayload({ metrics }));
  expect(limit(many(METRICS_MAX))).toHaveProperty("payload");
  expect(limit(many(METRICS_MAX + 1))).toMatchObject({ refusal: "PAYLOAD_LIMIT" });
  const text = { key: "a", type: DataType.String, value: "b" };
  expect(limit([{ properties: Array.from({ length: PROPERTIES_MAX + 1 }, () => text) }])).toMatchObject({
    refusal: "PAYLOAD_LIMIT",
  });
  let nested: Property = text;
  for (let depth = 0; depth < 5; depth++) nested = { key: "n", type: DataType.PropertySet, value: [nested] };
  expect(limit([{ properties: [nested] }])).toMatchObject({ refusal: "PAYLOAD_LIMIT" });
  expect(limit([{ name: "x".repeat(TEXT_BYTES_MAX + 1) }])).toMatchObject({ refusal: "PAYLOAD_LIMIT" });
});

test("a value that does not fit its type is a caller's mistake", () => {
  const encode = (type: number, value: Scalar) => () => encodePayload({ metrics: [{ type, value }] });
  expect(encode(DataType.Int8, 128)).toThrow(RangeError);
  expect(encode(DataType.UInt16, -1)).toThrow(RangeError);
  expect(encode(DataType.Int64, 1)).toThrow(RangeError);
  expect(encode(DataType.Boolean, 1)).toThrow(RangeError);
  expect(encode(DataType.DataSet, "x")).toThrow(RangeError);
});

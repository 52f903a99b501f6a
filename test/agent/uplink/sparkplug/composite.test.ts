import fc from "fast-check";
import { get } from "sparkplug-payload";
import { describe, expect, test } from "vitest";
import { DataType } from "../../../../agent/uplink/sparkplug/datatype.ts";
import { TEMPLATE_NESTING_MAX, decodePayload } from "../../../../agent/uplink/sparkplug/decode.ts";
import { encodePayload } from "../../../../agent/uplink/sparkplug/encode.ts";
import { METRIC } from "../../../../agent/uplink/sparkplug/payload.ts";
import type { DataSet, Metric, Property, Scalar, Template } from "../../../../agent/uplink/sparkplug/payload.ts";
import { around, refusal } from "./wire-pieces.ts";

/** The reference implementation in JavaScript, which shares nothing with ours. */
const oracle = (() => {
  const found = get("spBv1.0");
  if (found === null) throw new Error("sparkplug-payload has no spBv1.0");
  return found;
})();

const SCALARS: readonly (readonly [number, fc.Arbitrary<Scalar>])[] = [
  [DataType.Int16, fc.integer({ min: -0x8000, max: 0x7fff })],
  [DataType.Int64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [DataType.UInt64, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  [DataType.Float, fc.float({ noNaN: true })],
  [DataType.Double, fc.double()],
  [DataType.Boolean, fc.boolean()],
  [DataType.String, fc.string({ unit: "grapheme", maxLength: 12 })],
];
/** The reference opens no other column: the rest of its switch throws. */
const COLUMNS_OF_THE_REFERENCE = SCALARS.filter(([type]) => type !== DataType.Int16 && type !== DataType.UInt64);

function dataSet(scalars: typeof SCALARS, nulls: boolean): fc.Arbitrary<DataSet> {
  return fc.array(fc.constantFrom(...scalars), { maxLength: 5 }).chain((columns) =>
    fc.record({
      kind: fc.constant("data-set" as const),
      columns: fc.constant(columns.map((_, i) => `column ${i}`)),
      types: fc.constant(columns.map(([type]) => type)),
      rows: fc.array(
        fc.tuple(...columns.map(([, value]): fc.Arbitrary<Scalar | null> => (nulls ? fc.option(value) : value))),
        { maxLength: 6 },
      ),
    }),
  );
}
const typedScalar = fc.oneof(...SCALARS.map(([type, value]) => value.map((one: Scalar) => ({ type, value: one }))));
const { template } = fc.letrec<{ template: Template; member: Metric }>((tie) => ({
  template: fc.record(
    {
      kind: fc.constant("template" as const),
      version: fc.string(),
      ref: fc.string({ minLength: 1 }),
      isDefinition: fc.boolean(),
      metrics: fc.array(tie("member"), { maxLength: 4 }),
      parameters: fc.array(
        fc.tuple(fc.string(), typedScalar).map(([name, one]) => ({ name, ...one })),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
    },
    { requiredKeys: ["kind", "metrics"] },
  ),
  member: fc
    .tuple(
      fc.string(),
      fc.oneof(
        { maxDepth: TEMPLATE_NESTING_MAX - 1, depthIdentifier: "template" },
        typedScalar,
        tie("template").map((value) => ({ type: DataType.Template, value })),
      ),
    )
    .map(([name, one]) => ({ name, timestamp: 5, ...one })),
}));
const list: fc.Arbitrary<Property> = fc
  .array(
    fc.uniqueArray(
      fc.tuple(fc.string(), typedScalar).map(([key, one]) => ({ key, ...one })),
      { maxLength: 3, selector: ({ key }) => key },
    ),
    { maxLength: 3 },
  )
  .map((sets) => ({ key: "list", type: DataType.PropertySetList, value: { sets } }));
const composite: fc.Arbitrary<Metric> = fc.oneof(
  dataSet(SCALARS, true).map((value) => ({ name: "table", type: DataType.DataSet, value })),
  template.map((value) => ({ name: "one", type: DataType.Template, value })),
  list.map((property) => ({ name: "listed", type: DataType.Boolean, value: true, properties: [property] })),
);

/** The reference gives 64-bit integers as two halves; everything else as it is. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("low" in value && "high" in value)) return value;
  const whole = (BigInt(Number(value.high)) << 32n) | BigInt(Number(value.low) >>> 0);
  return "unsigned" in value && value.unsigned === true ? BigInt.asUintN(64, whole) : whole;
}

const only = (bytes: Uint8Array): Metric => {
  const decoded = decodePayload(bytes);
  if ("refusal" in decoded) throw new Error(decoded.message);
  return decoded.payload.metrics[0] as Metric;
};

test("data sets, templates and property set lists decode to what was encoded", () => {
  fc.assert(
    fc.property(composite, (metric) => {
      expect(only(encodePayload({ timestamp: 1, seq: 3, metrics: [metric] }))).toEqual(metric);
    }),
    { numRuns: 2_000 },
  );
});

test("the reference decoder reads our data sets, of the column types it knows", () => {
  fc.assert(
    fc.property(dataSet(COLUMNS_OF_THE_REFERENCE, false), (value) => {
      const bytes = encodePayload({ timestamp: 1, metrics: [{ name: "t", type: DataType.DataSet, value }] });
      const read = oracle.decodePayload(bytes).metrics?.[0]?.value as unknown as DataSet & { numOfColumns: unknown };
      expect(Number(read.numOfColumns)).toBe(value.columns.length);
      expect(read.columns).toEqual(value.columns);
      const rows = read.rows.map((row, i) =>
        row.map((cell, j) =>
          typeof value.rows[i]?.[j] === "bigint" ? BigInt.asIntN(64, plain(cell) as bigint) : cell,
        ),
      );
      expect(rows).toEqual(value.rows);
    }),
    { numRuns: 500 },
  );
});

test("we read the reference's data sets", () => {
  fc.assert(
    fc.property(
      dataSet(
        SCALARS.filter(([type]) => type !== DataType.Int64 && type !== DataType.UInt64),
        false,
      ),
      (value) => {
        const names: Record<number, string> = Object.fromEntries(
          Object.entries(DataType).map(([name, n]) => [n, name]),
        );
        const theirs = {
          numOfColumns: value.columns.length,
          columns: value.columns,
          types: value.types.map((type) => names[type]),
          rows: value.rows,
        };
        const metrics = [{ name: "t", type: "DataSet" as const, value: theirs as never, timestamp: 1 }];
        expect(only(oracle.encodePayload({ timestamp: 1, metrics })).value).toEqual(value);
      },
    ),
    { numRuns: 500 },
  );
});

describe("a template", () => {
  const instance: Template = {
    kind: "template",
    ref: "nameplate",
    isDefinition: false,
    version: "1",
    metrics: [
      { name: "maker", timestamp: 1, type: DataType.String, value: "Holdfast" },
      { name: "starts", timestamp: 1, type: DataType.Int32, value: -7 },
    ],
    parameters: [{ name: "ratio", type: DataType.Double, value: 2.5 }],
  };

  test("of ours is what the reference decoder reads", () => {
    const bytes = encodePayload({ timestamp: 1, metrics: [{ name: "n", type: DataType.Template, value: instance }] });
    expect(oracle.decodePayload(bytes).metrics?.[0]?.value).toMatchObject({
      templateRef: "nameplate",
      isDefinition: false,
      version: "1",
      metrics: [
        { name: "maker", type: "String", value: "Holdfast" },
        { name: "starts", type: "Int32", value: -7 },
      ],
      parameters: [{ name: "ratio", type: "Double", value: 2.5 }],
    });
  });

  test("of the reference is what we read", () => {
    const metrics = [
      {
        name: "n",
        type: "Template" as const,
        value: {
          templateRef: "nameplate",
          isDefinition: false,
          version: "1",
          metrics: [
            { name: "maker", type: "String", value: "Holdfast", timestamp: 1 },
            { name: "starts", type: "Int32", value: -7, timestamp: 1 },
          ],
          parameters: [{ name: "ratio", type: "Double", value: 2.5 }],
        } as never,
      },
    ];
    expect(only(oracle.encodePayload({ timestamp: 1, metrics })).value).toEqual(instance);
  });
});

test("the reference decoder reads our property set lists", () => {
  const sets = [[{ key: "a", type: DataType.Int32, value: -1 }], []];
  const properties = [{ key: "list", type: DataType.PropertySetList, value: { sets } }];
  const bytes = encodePayload({ timestamp: 1, metrics: [{ name: "m", type: 11, value: true, properties }] });
  expect(oracle.decodePayload(bytes).metrics?.[0]?.properties).toEqual({
    list: { type: "PropertySetList", value: [{ a: { type: "Int32", value: -1 } }, {}] },
  });
});

test("no bytes inside a data set or template make the decoder throw", () => {
  const verdict = (bytes: Uint8Array): void => {
    expect(["decoded", "PAYLOAD_MALFORMED", "PAYLOAD_LIMIT"]).toContain(refusal(bytes));
  };
  const field = fc.constantFrom(METRIC.datasetValue, METRIC.templateValue, METRIC.properties);
  fc.assert(
    fc.property(field, fc.uint8Array({ maxLength: 48 }), (number, noise) => verdict(around(number, noise))),
    { numRuns: 30_000 },
  );
  fc.assert(
    fc.property(
      composite,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (metric, damage) => {
        const bytes = encodePayload({ metrics: [metric] });
        for (const [at, value] of damage) bytes[at % bytes.length] = value;
        verdict(bytes);
        verdict(bytes.subarray(0, (damage[0]?.[0] ?? 0) % (bytes.length + 1)));
      },
    ),
    { numRuns: 5_000 },
  );
});

test("a composite value that does not fit its type or itself is a caller's mistake", () => {
  const encode = (type: number, value: DataSet | Template) => () => encodePayload({ metrics: [{ type, value }] });
  const set = (rows: DataSet["rows"], types: readonly number[] = [DataType.Int32]): DataSet => ({
    kind: "data-set",
    columns: ["a"],
    types,
    rows,
  });
  expect(encode(DataType.DataSet, set([[1]]))).not.toThrow();
  expect(encode(DataType.Template, set([[1]]))).toThrow(RangeError);
  expect(encode(DataType.DataSet, { kind: "template", metrics: [] })).toThrow(RangeError);
  expect(encode(DataType.DataSet, set([[1, 2]]))).toThrow(RangeError);
  expect(encode(DataType.DataSet, set([["x"]]))).toThrow(RangeError);
  expect(encode(DataType.DataSet, set([], []))).toThrow(RangeError);
});

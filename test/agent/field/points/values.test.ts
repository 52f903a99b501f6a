import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { QUALITIES } from "../../../../agent/contract/point.ts";
import type { PointValue } from "../../../../agent/contract/point.ts";
import type { ScalarSnapshot } from "../../../../agent/config/snapshot.ts";
import { encodeValue } from "../../../../agent/field/points/encode.ts";
import { reader } from "../../../../agent/field/points/reading.ts";
import { changed } from "../../../../agent/field/points/scalar.ts";
import { point } from "../snapshots.ts";

/** An encoder of its own, from DataView and the words' definition: it shares nothing with the code under test. */
function words(type: string, value: number | bigint, wordOrder: string, byteOrder: string): number[] {
  const size = { 16: 2, 32: 4, 64: 8 }[/16|32|64/.exec(type)?.[0] as "16" | "32" | "64"];
  const view = new DataView(new ArrayBuffer(size));
  if (type === "int16") view.setInt16(0, Number(value));
  else if (type === "uint16") view.setUint16(0, Number(value));
  else if (type === "int32") view.setInt32(0, Number(value));
  else if (type === "uint32") view.setUint32(0, Number(value));
  else if (type === "int64") view.setBigInt64(0, BigInt(value));
  else if (type === "uint64") view.setBigUint64(0, BigInt(value));
  else if (type === "float32") view.setFloat32(0, Number(value));
  else view.setFloat64(0, Number(value));
  const list = Array.from({ length: size / 2 }, (_, i) => view.getUint16(2 * i, byteOrder === "little"));
  return wordOrder === "little" ? list.toReversed() : list;
}

function onWire(registers: readonly number[], before = 0): Buffer {
  const bytes = Buffer.alloc(2 * (registers.length + before), 0xee);
  registers.forEach((word, i) => bytes.writeUInt16BE(word, 2 * (i + before)));
  return bytes;
}

function read(snapshot: ScalarSnapshot, bytes: Buffer, offset = 0): { value: PointValue; reason: string } {
  const into = { value: null as PointValue, quality: 0 };
  reader(snapshot)(bytes, offset, into);
  return { value: into.value, reason: QUALITIES[into.quality]?.reason ?? "" };
}

const order = fc.constantFrom("big" as const, "little" as const);
const COUNT = { int16: 1, uint16: 1, int32: 2, uint32: 2, int64: 4, uint64: 4, float32: 2, float64: 4 } as const;
const cases = fc.oneof(
  fc.record({ type: fc.constant("int16" as const), value: fc.integer({ min: -32_768, max: 32_767 }) }),
  fc.record({ type: fc.constant("uint16" as const), value: fc.integer({ min: 0, max: 65_535 }) }),
  fc.record({ type: fc.constant("int32" as const), value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
  fc.record({ type: fc.constant("uint32" as const), value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }),
  fc.record({ type: fc.constant("int64" as const), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
  fc.record({ type: fc.constant("uint64" as const), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
  fc.record({ type: fc.constant("float32" as const), value: fc.float({ noNaN: true, noDefaultInfinity: true }) }),
  fc.record({ type: fc.constant("float64" as const), value: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
);

describe("a point's value", () => {
  test("is what the device meant, in every type and order, and 64-bit integers are exact", () => {
    fc.assert(
      fc.property(cases, order, order, fc.nat(5), ({ type, value }, wordOrder, byteOrder, offset) => {
        const snapshot = point("p", { type, wordOrder, byteOrder, count: COUNT[type] });
        const said = read(snapshot, onWire(words(type, value, wordOrder, byteOrder), offset), offset);
        expect(said).toEqual({ value: typeof value === "bigint" ? value.toString() : value, reason: "ok" });
      }),
      { numRuns: 5_000, seed: 1 },
    );
  });

  test("goes back onto the wire as it came", () => {
    fc.assert(
      fc.property(cases, order, order, ({ type, value }, wordOrder, byteOrder) => {
        const output = { write: "multiple" as const };
        const snapshot = point("p", { type, wordOrder, byteOrder, count: COUNT[type], output });
        const encoded = encodeValue(snapshot, typeof value === "bigint" ? value.toString() : value);
        expect(encoded).toEqual({ kind: "words", words: words(type, value, wordOrder, byteOrder) });
      }),
      { numRuns: 5_000, seed: 2 },
    );
  });

  test("is scaled", () => {
    expect(read(point("p", { type: "int16", scale: 0.1, offset: -20 }), onWire([0xffff]))).toEqual({
      value: -20.1,
      reason: "ok",
    });
    expect(read(point("p", { type: "uint64", count: 4, scale: 0.001 }), onWire([0, 0, 0, 1_500])).value).toBe(1.5);
  });

  test.each([
    ["NaN", "float32", Number.NaN],
    ["infinity", "float32", Number.POSITIVE_INFINITY],
    ["infinity", "float64", Number.NEGATIVE_INFINITY],
  ] as const)("of %s is no value", (_, type, value) => {
    const said = read(point("p", { type, count: COUNT[type] }), onWire(words(type, value, "big", "big")));
    expect(said).toEqual({ value: null, reason: "not-a-number" });
  });

  test("that overflows when scaled is no value", () => {
    const said = read(
      point("p", { type: "float64", count: 4, scale: 10 }),
      onWire(words("float64", 1e308, "big", "big")),
    );
    expect(said).toEqual({ value: null, reason: "not-a-number" });
  });

  test("outside its engineering range is uncertain and says on which side", () => {
    const ranged = point("p", { type: "int16", low: 0, high: 100 });
    expect(read(ranged, onWire([101]))).toEqual({ value: 101, reason: "above-range" });
    expect(read(ranged, onWire([0xffff]))).toEqual({ value: -1, reason: "below-range" });
    expect(read(ranged, onWire([100]))).toEqual({ value: 100, reason: "ok" });
    expect(read(point("p", { type: "uint64", count: 4, high: 10 }), onWire([0, 0, 0, 11])).reason).toBe("above-range");
  });

  test("of a bit is that bit, in either byte order, of a coil that coil", () => {
    for (let bit = 0; bit < 16; bit++) {
      expect(read(point("p", { type: "bool", bit }), onWire([1 << bit])).value).toBe(true);
      expect(read(point("p", { type: "bool", bit }), onWire([0xffff & ~(1 << bit)])).value).toBe(false);
      const swapped = point("p", { type: "bool", bit, byteOrder: "little", output: { write: "mask" } });
      expect(read(swapped, onWire([1 << ((bit + 8) % 16)])).value).toBe(true);
      expect(encodeValue(swapped, true)).toEqual({ kind: "bit", bit: (bit + 8) % 16, on: true });
      expect(read(point("p", { table: "coil" }), Buffer.of(0, 0, 1 << (bit % 8)), 16 + (bit % 8)).value).toBe(true);
    }
  });

  test("of text ends at the first NUL, without blanks behind it; what is not text is no value", () => {
    const name = point("p", { type: "string", count: 4 });
    const said = (bytes: string, over: Partial<ScalarSnapshot> = {}) =>
      read({ ...name, ...over }, Buffer.from(bytes, "latin1"));
    expect(said("PUMP-1\0\xff")).toEqual({ value: "PUMP-1", reason: "ok" });
    expect(said("PUMP 1  ")).toEqual({ value: "PUMP 1", reason: "ok" });
    expect(said("UPPM1-  ", { byteOrder: "little" })).toEqual({ value: "PUMP-1", reason: "ok" });
    expect(said("\0\0\0\0\0\0\0\0")).toEqual({ value: "", reason: "ok" });
    expect(said("\xff\xfe\xff\xfe\xff\xfe\xff\xfe")).toEqual({ value: null, reason: "not-text" });
    expect(said("a\x07b\0\0\0\0\0")).toEqual({ value: null, reason: "not-text" });
    expect(encodeValue({ ...name, output: { write: "multiple" } }, "PUMP-12")).toEqual({
      kind: "words",
      words: [0x5055, 0x4d50, 0x2d31, 0x3200],
    });
  });

  test.each([
    ["uint16", 65_536],
    ["uint16", -1],
    ["int16", 32_768],
    ["uint32", 2 ** 32],
    ["float32", 1e39],
    ["int64", "9223372036854775808"],
    ["uint64", "-1"],
  ] as const)("that %s cannot hold (%s) is not written", (type, value) => {
    const snapshot = point("p", { type, count: COUNT[type], output: { write: "multiple" } });
    expect(encodeValue(snapshot, value)).toMatchObject({ kind: "refused", code: "WRITE_OUT_OF_RANGE" });
  });

  test.each([
    [{ type: "uint16" as const }, true],
    [{ type: "uint16" as const }, "5"],
    [{ type: "uint16" as const }, Number.NaN],
    [{ type: "bool" as const, bit: 3 }, 1],
    [{ type: "string" as const, count: 2 }, 5],
    [{ type: "int64" as const, count: 4, scale: 0.1 }, "5"],
  ])("of the wrong type is not written", (over, value) => {
    expect(encodeValue(point("p", { ...over, output: { write: "multiple" } }), value)).toMatchObject({
      kind: "refused",
      code: "WRITE_WRONG_TYPE",
    });
  });

  test("outside the output's range is not written", () => {
    const valve = point("p", { scale: 0.5, output: { write: "single", low: 10, high: 90 } });
    expect(encodeValue(valve, 9.5)).toMatchObject({ code: "WRITE_OUT_OF_RANGE" });
    expect(encodeValue(valve, 90.5)).toMatchObject({ code: "WRITE_OUT_OF_RANGE" });
    expect(encodeValue(valve, 90)).toEqual({ kind: "words", words: [180] });
  });

  test("is reported when it leaves its dead-band, exactly also for 64 bits", () => {
    expect(changed(10, 10, 0)).toBe(false);
    expect(changed(10, 10.1, 0)).toBe(true);
    expect(changed(10, 10.4, 0.5)).toBe(false);
    expect(changed(10, 10.5, 0.5)).toBe(true);
    expect(changed("9007199254740993", "9007199254740994", 1)).toBe(true);
    expect(changed("9007199254740993", "9007199254740994", 2)).toBe(false);
    expect(changed(null, 1, 100)).toBe(true);
    expect(changed(false, true, 100)).toBe(true);
    expect(changed("PUMP", "VALVE", 100)).toBe(true);
  });
});

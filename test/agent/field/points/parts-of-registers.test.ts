import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScalarSnapshot } from "../../../../agent/config/snapshot.ts";
import type { PointValue } from "../../../../agent/contract/point.ts";
import { encodeValue } from "../../../../agent/field/points/encode.ts";
import { halfPrecision, halfPrecisionBits } from "../../../../agent/field/points/half-precision.ts";
import { reader } from "../../../../agent/field/points/reading.ts";
import { point } from "../snapshots.ts";

function read(snapshot: ScalarSnapshot, ...bytes: readonly number[]): PointValue {
  const into = { value: null as PointValue, quality: 0 };
  reader(snapshot)(Buffer.from(bytes), 0, into);
  return into.value;
}

const words = (snapshot: ScalarSnapshot, value: number | string) => encodeValue(snapshot, value);

describe("a byte of a register", () => {
  test.each([
    ["uint8", "high", "big", 0xfe],
    ["uint8", "low", "big", 0x03],
    ["uint8", "high", "little", 0x03],
    ["int8", "high", "big", -2],
    ["int8", "low", "little", -2],
  ] as const)("%s, %s, in %s order is %i of 0xfe03", (type, byte, byteOrder, value) => {
    expect(read(point("p", { type, byte, byteOrder }), 0xfe, 0x03)).toBe(value);
  });

  test("is never written, since the other byte would be overwritten", () => {
    expect(words(point("p", { type: "uint8", byte: "low", output: { write: "single" } }), 5)).toMatchObject({
      kind: "refused",
    });
  });

  test("is scaled and ranged as any number", () => {
    expect(read(point("p", { type: "int8", byte: "low", scale: 0.5, offset: 10 }), 0, 0xfe)).toBe(9);
  });
});

describe("a float16", () => {
  /** @see IEEE 754-2019 binary16: its largest, least normal and least of all */
  test.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65_504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x8000, -0],
  ])("of bits %i is %d", (bits, value) => {
    expect(halfPrecision(bits)).toBe(value);
    expect(halfPrecisionBits(value)).toBe(bits);
  });

  test("without a finite value is none, and what is too large is not written", () => {
    const half = point("p", { type: "float16", output: { write: "single" } });
    expect(read(half, 0x7c, 0x00)).toBeNull();
    expect(read(half, 0x7e, 0x01)).toBeNull();
    expect(words(half, 65_519)).toEqual({ kind: "words", words: [0x7bff] });
    expect(words(half, 65_520)).toMatchObject({ kind: "refused", code: "WRITE_OUT_OF_RANGE" });
  });

  test("is written as the nearest there is, and every one comes back as itself", () => {
    fc.assert(
      fc.property(fc.nat(0xffff), (bits) => {
        const value = halfPrecision(bits);
        if (Number.isFinite(value)) expect(halfPrecisionBits(value)).toBe(bits);
      }),
      { numRuns: 20_000, seed: 1 },
    );
    fc.assert(
      fc.property(fc.double({ min: -65_000, max: 65_000, noNaN: true }), (value) => {
        const bits = halfPrecisionBits(value) ?? 0;
        const error = Math.abs(halfPrecision(bits) - value);
        for (const other of [bits - 1, bits + 1]) {
          if (other < 0 || other > 0xffff || !Number.isFinite(halfPrecision(other))) continue;
          expect(error).toBeLessThanOrEqual(Math.abs(halfPrecision(other) - value));
        }
      }),
      { numRuns: 5_000, seed: 2 },
    );
  });
});

describe("a string with one character in each register", () => {
  const text = (byteLocation: "upper" | "lower", over: Partial<ScalarSnapshot> = {}): ScalarSnapshot =>
    point("p", { type: "string", count: 3, byteLocation, output: { write: "multiple" }, ...over });

  test("is read from the byte that it is in, whatever the other says", () => {
    expect(read(text("upper"), 0x41, 9, 0x42, 9, 0x43, 9)).toBe("ABC");
    expect(read(text("lower"), 9, 0x41, 9, 0x42, 9, 0)).toBe("AB");
    expect(read(text("upper", { byteOrder: "little" }), 9, 0x41, 9, 0x42, 9, 0x43)).toBe("ABC");
  });

  test("is written into that byte, and refused where it is longer than its registers", () => {
    expect(words(text("upper"), "AB")).toEqual({ kind: "words", words: [0x4100, 0x4200, 0] });
    expect(words(text("lower"), "ABC")).toEqual({ kind: "words", words: [0x41, 0x42, 0x43] });
    expect(words(text("lower"), "ABCD")).toMatchObject({ kind: "refused", code: "WRITE_OUT_OF_RANGE" });
  });
});

import Type from "typebox";

export const SCALAR_TYPES = [
  Type.Literal("bool"),
  Type.Literal("int8"),
  Type.Literal("uint8"),
  Type.Literal("int16"),
  Type.Literal("uint16"),
  Type.Literal("int32"),
  Type.Literal("uint32"),
  Type.Literal("int64"),
  Type.Literal("uint64"),
  Type.Literal("float16"),
  Type.Literal("float32"),
  Type.Literal("float64"),
  Type.Literal("string"),
] as const;

/** How registers become one value: the same words for a point and for a member of a record. */
export const Length = Type.Integer({
  minimum: 1,
  maximum: 125,
  description: "registers of a string, two characters in each unless byteLocation says otherwise",
});
export const Byte = Type.Union([Type.Literal("high"), Type.Literal("low")], {
  default: "low",
  description: "which byte of the register an int8 or uint8 is",
});
export const ByteLocation = Type.Union([Type.Literal("both"), Type.Literal("upper"), Type.Literal("lower")], {
  default: "both",
  description: "of a string: two characters in each register, or one, in its upper or lower byte",
});
export const Bit = Type.Integer({
  minimum: 0,
  maximum: 15,
  description: "bit of a register, 0 the least significant: always with type bool, and only there",
});
export const WordOrder = Type.Union([Type.Literal("big"), Type.Literal("little")], {
  default: "big",
  description: "order of the 16-bit words of a wider value",
});
export const ByteOrder = Type.Union([Type.Literal("big"), Type.Literal("little")], {
  default: "big",
  description: "order of the bytes in each word",
});
export const Scale = Type.Number({ default: 1, description: "value = raw * scale + offset; not 0" });
export const Offset = Type.Number({ default: 0, description: "added after scaling" });
/** Whatever one point may have: true or false, a number, a text. */
export const Plain = (description: string) =>
  Type.Unsafe<boolean | number | string>({ type: ["boolean", "number", "string"], maxLength: 250, description });
export const Deadband = Type.Number({
  minimum: 0,
  default: 0,
  description: "a smaller change, scaled, is not reported",
});

import Type from "typebox";
import { Line, Name, closed } from "./text.ts";
import {
  Bit,
  Byte,
  ByteLocation,
  ByteOrder,
  Deadband,
  Length,
  Offset,
  SCALAR_TYPES,
  Scale,
  WordOrder,
} from "./value.ts";

export const Member = Type.Object(
  {
    name: Name("member of the template, or column of the table; unique in its record"),
    at: Type.Integer({
      minimum: 0,
      maximum: 124,
      description: "registers from the start of the record, or of its row",
    }),
    type: Type.Optional(
      Type.Union([...SCALAR_TYPES], { default: "uint16", description: "what the member is on the wire" }),
    ),
    length: Type.Optional(Length),
    bit: Type.Optional(Bit),
    byte: Type.Optional(Byte),
    byteLocation: Type.Optional(ByteLocation),
    wordOrder: Type.Optional(
      Type.Union(WordOrder.anyOf, { description: "order of the 16-bit words of a wider value; default: the record's" }),
    ),
    byteOrder: Type.Optional(
      Type.Union(ByteOrder.anyOf, { description: "order of the bytes in each word; default: the record's" }),
    ),
    scale: Type.Optional(Scale),
    offset: Type.Optional(Offset),
    unit: Type.Optional(Line(32, "engineering unit, such as m3/h")),
    deadband: Type.Optional(Deadband),
  },
  { ...closed, description: "One value of a record." },
);
export type Member = Type.Static<typeof Member>;

import Type from "typebox";
import { Line, Name, closed } from "./text.ts";

const POLL_MS_MIN = 20;
const DAY_MS = 86_400_000;
export const PollMs = { minimum: POLL_MS_MIN, maximum: DAY_MS } as const;

export const Output = Type.Object(
  {
    write: Type.Optional(
      Type.Union([Type.Literal("single"), Type.Literal("multiple"), Type.Literal("mask")], {
        description:
          "function 5/6, 15/16 or 22; default: single where one register or coil suffices, mask for a bit of a register, else multiple",
      }),
    ),
    low: Type.Optional(Type.Number({ description: "scaled; a write below is refused" })),
    high: Type.Optional(Type.Number({ description: "scaled; a write above is refused" })),
  },
  {
    ...closed,
    description:
      "Declares the point as an output: read back and reported. Nothing writes it without an authorised command.",
  },
);

export const Point = Type.Object(
  {
    name: Name("metric name, unique in its device"),
    table: Type.Union(
      [
        Type.Literal("coil"),
        Type.Literal("discrete-input"),
        Type.Literal("input-register"),
        Type.Literal("holding-register"),
      ],
      { description: "which of the four Modbus tables" },
    ),
    address: Type.Integer({
      minimum: 0,
      maximum: 65535,
      description: "as it is on the wire, from 0: nameplate 40011 is holding-register 10; 0x000a is fine too",
    }),
    type: Type.Optional(
      Type.Union(
        [
          Type.Literal("bool"),
          Type.Literal("int16"),
          Type.Literal("uint16"),
          Type.Literal("int32"),
          Type.Literal("uint32"),
          Type.Literal("int64"),
          Type.Literal("uint64"),
          Type.Literal("float32"),
          Type.Literal("float64"),
          Type.Literal("string"),
        ],
        { description: "default: bool for coils and discrete inputs, uint16 for registers" },
      ),
    ),
    length: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 125, description: "registers of a string, two characters in each" }),
    ),
    bit: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 15,
        description: "bit of a register, 0 the least significant: always with type bool, and only there",
      }),
    ),
    wordOrder: Type.Optional(
      Type.Union([Type.Literal("big"), Type.Literal("little")], {
        default: "big",
        description: "order of the 16-bit words of a wider value",
      }),
    ),
    byteOrder: Type.Optional(
      Type.Union([Type.Literal("big"), Type.Literal("little")], {
        default: "big",
        description: "order of the bytes in each word",
      }),
    ),
    pollMs: Type.Optional(Type.Integer({ ...PollMs, description: "how often it is read; default: the device's" })),
    scale: Type.Optional(Type.Number({ default: 1, description: "value = raw * scale + offset; not 0" })),
    offset: Type.Optional(Type.Number({ default: 0, description: "added after scaling" })),
    unit: Type.Optional(Line(32, "engineering unit, such as m3/h")),
    low: Type.Optional(Type.Number({ description: "engineering range, scaled: below it a value is uncertain" })),
    high: Type.Optional(Type.Number({ description: "engineering range, scaled: above it a value is uncertain" })),
    deadband: Type.Optional(
      Type.Number({ minimum: 0, default: 0, description: "a smaller change, scaled, is not reported" }),
    ),
    heartbeatMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: DAY_MS,
        default: 60_000,
        description: "report at least this often without a change; 0: only on change",
      }),
    ),
    output: Type.Optional(Output),
  },
  { ...closed, description: "One value of a device." },
);
export type Point = Type.Static<typeof Point>;

import Type from "typebox";
import { RECORD_MEMBERS_MAX } from "../../contract/telemetry.ts";
import { Member } from "./member.ts";
import { Output } from "./output.ts";
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

const POLL_MS_MIN = 20;
const DAY_MS = 86_400_000;
export const PollMs = { minimum: POLL_MS_MIN, maximum: DAY_MS } as const;

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
      maximum: 65_536,
      description:
        "as it is on the wire, from 0: nameplate 40011 is holding-register 10; 0x000a is fine too. From 1 where the device says addressBase: 1",
    }),
    type: Type.Optional(
      Type.Union([...SCALAR_TYPES, Type.Literal("record")], {
        description:
          "default: bool for coils and discrete inputs, uint16 for registers; record for several values that only together mean something",
      }),
    ),
    length: Type.Optional(Length),
    bit: Type.Optional(Bit),
    byte: Type.Optional(Byte),
    byteLocation: Type.Optional(ByteLocation),
    wordOrder: Type.Optional(WordOrder),
    byteOrder: Type.Optional(ByteOrder),
    pollMs: Type.Optional(Type.Integer({ ...PollMs, description: "how often it is read; default: the device's" })),
    clearOnRead: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          "reading it changes it, as counters and alarm registers that clear themselves: read once in its period, alone, never to find out whether the device is there",
      }),
    ),
    scale: Type.Optional(Scale),
    offset: Type.Optional(Offset),
    unit: Type.Optional(Line(32, "engineering unit, such as m3/h")),
    low: Type.Optional(Type.Number({ description: "engineering range, scaled: below it a value is uncertain" })),
    high: Type.Optional(Type.Number({ description: "engineering range, scaled: above it a value is uncertain" })),
    deadband: Type.Optional(Deadband),
    heartbeatMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: DAY_MS,
        default: 60_000,
        description: "report at least this often without a change; 0: only on change",
      }),
    ),
    output: Type.Optional(Output),
    members: Type.Optional(
      Type.Array(Member, {
        minItems: 1,
        maxItems: RECORD_MEMBERS_MAX,
        description: "of a record: its values, read in one request and published as one",
      }),
    ),
    rows: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 125,
        description: "of a record: all members so many times; published as a data set, without it as a template",
      }),
    ),
    stride: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 125,
        description: "registers from one row to the next; default: as many as a row takes",
      }),
    ),
    template: Type.Optional(
      Name("of a record without rows: name of its template, shared by all with the same members; default: its name"),
    ),
  },
  { ...closed, description: "One value of a device, or a record of several." },
);
export type Point = Type.Static<typeof Point>;

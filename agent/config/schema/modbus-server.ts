import Type from "typebox";
import { SHOWN_MAX } from "../../contract/shown.ts";
import { Line, closed } from "./text.ts";
import { Length, Offset, Scale, WordOrder } from "./value.ts";

const REFERENCE_CHARS_MAX = 129;

/** What every Modbus client can read: narrower numbers go as int16 and uint16. */
const TYPES = [
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
] as const;

export const ModbusServerEntry = Type.Object(
  {
    point: Line(REFERENCE_CHARS_MAX, "device/point, of any device or part of the gateway"),
    table: Type.Union(
      [
        Type.Literal("discrete-input"),
        Type.Literal("input-register"),
        Type.Literal("holding-register"),
        Type.Literal("coil"),
      ],
      { description: "where clients read it; nothing can be written in any of them" },
    ),
    address: Type.Integer({ minimum: 0, maximum: 65_535, description: "as it is on the wire, from 0" }),
    type: Type.Optional(
      Type.Union([...TYPES], { description: "as clients read it; a number has to say, bool and string do not" }),
    ),
    length: Type.Optional(Length),
    wordOrder: Type.Optional(WordOrder),
    scale: Type.Optional(Type.Number({ ...Scale, description: "raw = (value - offset) / scale; not 0" })),
    offset: Type.Optional(Type.Number({ ...Offset, description: "taken off before scaling" })),
  },
  { ...closed, description: "One point at one place." },
);
export type ModbusServerEntry = Type.Static<typeof ModbusServerEntry>;

export const ModbusServer = Type.Object(
  {
    host: Line(64, "address of this machine to listen at"),
    anyInterface: Type.Optional(
      Type.Boolean({ default: false, description: "whether host may be 0.0.0.0 or ::, every network there is" }),
    ),
    port: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        default: 1_502,
        description: "TCP port; below 1024 the system has to allow it, see docs/operate/modbus-server.md",
      }),
    ),
    unit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 247, default: 1, description: "unit id it answers for, beside 0 and 255" }),
    ),
    clients: Type.Array(Line(64, "address, or network such as 192.0.2.0/24"), {
      minItems: 1,
      maxItems: 64,
      description: "who may connect; everybody else is refused before a byte is read",
    }),
    connectionsMax: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 32, default: 4, description: "connections at a time" }),
    ),
    entries: Type.Array(ModbusServerEntry, { minItems: 1, maxItems: SHOWN_MAX, description: "which point is where" }),
  },
  {
    ...closed,
    description:
      "A plain Modbus TCP server for legacy SCADA that can only be read. Without it nothing listens. Modbus has no authentication: see docs/operate/modbus-server.md.",
  },
);
export type ModbusServer = Type.Static<typeof ModbusServer>;

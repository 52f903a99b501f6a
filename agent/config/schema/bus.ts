import Type from "typebox";
import { Device } from "./device.ts";
import { DEVICE_PATH_PATTERN, Interface, Line, Name, closed } from "./text.ts";

const serialLine = {
  path: Type.String({
    pattern: DEVICE_PATH_PATTERN,
    maxLength: 255,
    description: "stable device path, such as /dev/serial/by-id/usb-…; ttyUSB and ttyACM numbers move and are refused",
  }),
  baudRate: Type.Optional(
    Type.Integer({ minimum: 300, maximum: 4_000_000, default: 19_200, description: "bits per second" }),
  ),
  parity: Type.Optional(
    Type.Union([Type.Literal("none"), Type.Literal("even"), Type.Literal("odd")], {
      default: "even",
      description: "as every device on the line has it",
    }),
  ),
  stopBits: Type.Optional(
    Type.Union([Type.Literal(1), Type.Literal(2)], {
      description: "default: 1 with parity, 2 without, as the standard says",
    }),
  ),
};

export const Rtu = Type.Object(serialLine, { ...closed, description: "A Modbus RTU serial line." });
export type Rtu = Type.Static<typeof Rtu>;

export const Ascii = Type.Object(
  {
    ...serialLine,
    dataBits: Type.Optional(
      Type.Union([Type.Literal(7), Type.Literal(8)], {
        default: 7,
        description: "bits of a character: 7 as the standard says, 8 on devices that do not follow it",
      }),
    ),
  },
  { ...closed, description: "A Modbus ASCII serial line." },
);
export type Ascii = Type.Static<typeof Ascii>;

export const Tcp = Type.Object(
  {
    host: Line(255, "address or name"),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, default: 502, description: "TCP port" })),
    framing: Type.Optional(
      Type.Union([Type.Literal("mbap"), Type.Literal("rtu"), Type.Literal("ascii")], {
        default: "mbap",
        description: "mbap: Modbus TCP; rtu, ascii: the frames of a serial line, as simple serial servers carry them",
      }),
    ),
    interface: Type.Optional(Interface("leave by this network interface only; default: interfaces.field")),
  },
  { ...closed, description: "One Modbus TCP socket, to a device or to a gateway with several units." },
);
export type Tcp = Type.Static<typeof Tcp>;

export const Bus = Type.Object(
  {
    name: Name("unique in the gateway"),
    rtu: Type.Optional(Rtu),
    ascii: Type.Optional(Ascii),
    tcp: Type.Optional(Tcp),
    connectPauseMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 60_000,
        default: 0,
        description: "silence between opening the line or socket and the first request",
      }),
    ),
    closeAfterPolls: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          "close the socket whenever nothing is due, for devices that serve one connection at a time; TCP only",
      }),
    ),
    turnaroundMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10_000,
        default: 100,
        description: "silence after a broadcast; serial lines, also behind a socket",
      }),
    ),
    broadcast: Type.Optional(
      Type.Boolean({
        default: false,
        description: "whether unit 0 may be written to at all; serial lines, also behind a socket",
      }),
    ),
    listenOnly: Type.Optional(
      Type.Boolean({
        default: false,
        description: "send nothing, ever: only note who talks on a serial line that belongs to another master",
      }),
    ),
    devices: Type.Optional(
      Type.Array(Device, { maxItems: 247, description: "who answers on it; may be left out where listenOnly is true" }),
    ),
  },
  { ...closed, description: "One serial line or socket with its devices: give exactly one of rtu, ascii and tcp." },
);
export type Bus = Type.Static<typeof Bus>;

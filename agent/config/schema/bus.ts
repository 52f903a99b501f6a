import Type from "typebox";
import { Device } from "./device.ts";
import { DEVICE_PATH_PATTERN, Interface, Line, Name, closed } from "./text.ts";

export const Rtu = Type.Object(
  {
    path: Type.String({
      pattern: DEVICE_PATH_PATTERN,
      maxLength: 255,
      description:
        "stable device path, such as /dev/serial/by-id/usb-…; ttyUSB and ttyACM numbers move and are refused",
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
  },
  { ...closed, description: "A Modbus RTU serial line." },
);
export type Rtu = Type.Static<typeof Rtu>;

export const Tcp = Type.Object(
  {
    host: Line(255, "address or name"),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, default: 502, description: "TCP port" })),
    interface: Type.Optional(Interface("leave by this network interface only; default: interfaces.field")),
  },
  { ...closed, description: "One Modbus TCP socket, to a device or to a gateway with several units." },
);
export type Tcp = Type.Static<typeof Tcp>;

export const Bus = Type.Object(
  {
    name: Name("unique in the gateway"),
    rtu: Type.Optional(Rtu),
    tcp: Type.Optional(Tcp),
    turnaroundMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10_000,
        default: 100,
        description: "silence after a broadcast; serial lines only",
      }),
    ),
    broadcast: Type.Optional(
      Type.Boolean({ default: false, description: "whether unit 0 may be written to at all; serial lines only" }),
    ),
    devices: Type.Array(Device, { minItems: 1, maxItems: 247, description: "who answers on it" }),
  },
  { ...closed, description: "One serial line or socket with its devices: give exactly one of rtu and tcp." },
);
export type Bus = Type.Static<typeof Bus>;

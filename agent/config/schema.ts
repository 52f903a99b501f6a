import Type from "typebox";

/** A name in topics, metrics and folders: letters, digits, `.`, `_`, `-`; starts with a letter or digit. */
const Name = (description: string) => Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description });
const closed = { additionalProperties: false } as const;

const Merge = Type.Object(
  {
    gapMax: Type.Integer({
      minimum: 0,
      maximum: 124,
      default: 0,
      description: "registers or bits nobody asked for that may be read along to bridge two points",
    }),
    registersMax: Type.Integer({ minimum: 1, maximum: 125, default: 125, description: "registers in one request" }),
    bitsMax: Type.Integer({
      minimum: 1,
      maximum: 2000,
      default: 2000,
      description: "coils or discrete inputs in one request",
    }),
  },
  {
    ...closed,
    description:
      "Read neighbouring registers in one request. Off where absent: some devices answer only for exactly what they document.",
  },
);

const Output = Type.Object(
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

const Point = Type.Object(
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
      description: "as it is on the wire, from 0: nameplate 40011 is holding-register 10",
    }),
    type: Type.Optional(
      Type.Union(
        (
          ["bool", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64", "string"] as const
        ).map((type) => Type.Literal(type)),
        { description: "default: bool for coils and discrete inputs, uint16 for registers" },
      ),
    ),
    length: Type.Optional(Type.Integer({ minimum: 1, maximum: 125, description: "registers of a string" })),
    bit: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 15,
        description: "bit of a register, 0 the least significant, for type bool",
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
    pollMs: Type.Optional(Type.Integer({ minimum: 20, maximum: 86_400_000, description: "default: the device's" })),
    scale: Type.Optional(Type.Number({ default: 1, description: "value = raw * scale + offset; not 0" })),
    offset: Type.Optional(Type.Number({ default: 0 })),
    unit: Type.Optional(Type.String({ minLength: 1, maxLength: 32, description: "engineering unit, such as m3/h" })),
    low: Type.Optional(Type.Number({ description: "engineering range, scaled: below it a value is uncertain" })),
    high: Type.Optional(Type.Number({ description: "engineering range, scaled: above it a value is uncertain" })),
    deadband: Type.Optional(
      Type.Number({ minimum: 0, default: 0, description: "a smaller change, scaled, is not reported" }),
    ),
    heartbeatMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 86_400_000,
        default: 60_000,
        description: "report at least this often without a change; 0: only on change",
      }),
    ),
    output: Type.Optional(Output),
  },
  { ...closed, description: "One value of a device." },
);

const Device = Type.Object(
  {
    name: Name("Sparkplug device id, unique in the gateway"),
    unit: Type.Integer({
      minimum: 0,
      maximum: 255,
      description: "unit id: 1 to 247 on a serial line, 0 to 255 over TCP; unique on its bus",
    }),
    pollMs: Type.Optional(Type.Integer({ minimum: 20, maximum: 86_400_000, default: 1_000 })),
    timeoutMs: Type.Optional(
      Type.Integer({ minimum: 10, maximum: 60_000, description: "default: 300 on a serial line, 1000 over TCP" }),
    ),
    lateReplyMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 120_000,
        description:
          "after a timeout this unit is not asked again for so long and whatever is heard is thrown away; default: twice the timeout",
      }),
    ),
    requestGapMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10_000,
        default: 0,
        description: "silence before a request, beyond the standard's T3.5",
      }),
    ),
    probeMsMax: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: 3_600_000,
        default: 60_000,
        description: "longest pause between attempts to reach a dead device",
      }),
    ),
    merge: Type.Optional(Merge),
    points: Type.Array(Point, { minItems: 1, maxItems: 4_000 }),
  },
  { ...closed, description: "One unit on a bus." },
);

const Rtu = Type.Object(
  {
    path: Type.String({
      pattern: "^/dev/",
      maxLength: 255,
      description: "stable path, such as /dev/serial/by-id/usb-…: ttyUSB numbers move",
    }),
    baudRate: Type.Optional(Type.Integer({ minimum: 300, maximum: 4_000_000, default: 19_200 })),
    parity: Type.Optional(
      Type.Union([Type.Literal("none"), Type.Literal("even"), Type.Literal("odd")], { default: "even" }),
    ),
    stopBits: Type.Optional(
      Type.Union([Type.Literal(1), Type.Literal(2)], {
        description: "default: 1 with parity, 2 without, as the standard says",
      }),
    ),
  },
  { ...closed, description: "A Modbus RTU serial line." },
);

const Tcp = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 255, description: "address or name" }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, default: 502 })),
    interface: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 15,
        description: "leave by this network interface only; default: interfaces.field",
      }),
    ),
  },
  { ...closed, description: "One Modbus TCP socket, to a device or to a gateway with several units." },
);

const Bus = Type.Object(
  {
    name: Name("unique in the gateway"),
    rtu: Type.Optional(Rtu),
    tcp: Type.Optional(Tcp),
    turnaroundMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10_000, default: 100, description: "silence after a broadcast" }),
    ),
    broadcast: Type.Optional(
      Type.Boolean({ default: false, description: "whether unit 0 may be written to at all; serial lines only" }),
    ),
    devices: Type.Array(Device, { minItems: 1, maxItems: 247 }),
  },
  { ...closed, description: "One serial line or socket with its devices: give exactly one of rtu and tcp." },
);

const Broker = Type.Object(
  {
    url: Type.String({
      pattern: "^mqtts://",
      maxLength: 300,
      description: "mqtts://host:port, port 8883 where absent; there is no plain MQTT",
    }),
    serverName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: "whom the broker's certificate must name; default: the url's host",
      }),
    ),
    protocol: Type.Optional(
      Type.Union([Type.Literal("auto"), Type.Literal("5"), Type.Literal("3.1.1")], {
        default: "auto",
        description: "auto: 5, and 3.1.1 where the broker refuses it",
      }),
    ),
    clientId: Type.Optional(
      Type.String({ pattern: "^[A-Za-z0-9._-]{1,64}$", description: "default: <site>-<device>" }),
    ),
    anchors: Type.String({
      minLength: 1,
      maxLength: 512,
      description: "PEM file of the CA certificates that may vouch for the broker",
    }),
    certificate: Type.String({ minLength: 1, maxLength: 512, description: "PEM file of the gateway's certificate" }),
    key: Type.String({ minLength: 1, maxLength: 512, description: "PEM file of the gateway's private key" }),
    keepaliveS: Type.Optional(Type.Integer({ minimum: 5, maximum: 1_200, default: 30 })),
    connectTimeoutMs: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: 120_000,
        default: 15_000,
        description: "for TCP, TLS and CONNACK together",
      }),
    ),
    retryMsMin: Type.Optional(Type.Integer({ minimum: 100, maximum: 60_000, default: 1_000 })),
    retryMsMax: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 3_600_000, default: 60_000 })),
    packetBytesMax: Type.Optional(
      Type.Integer({
        minimum: 1_024,
        maximum: 1_048_576,
        default: 262_144,
        description: "longest MQTT packet sent or accepted",
      }),
    ),
  },
  { ...closed, description: "The MQTT broker: TLS 1.3 with a client certificate, always." },
);

/** The one schema of `gateway.yaml`: types, `config check`, `config schema` and the reference in the docs come from it. */
export const GatewayFile = Type.Object(
  {
    site: Name("where the gateway stands"),
    device: Name("which gateway it is, unique in its site"),
    interfaces: Type.Optional(
      Type.Object(
        {
          field: Type.Optional(
            Type.String({ minLength: 1, maxLength: 15, description: "network interface of field sockets" }),
          ),
          uplink: Type.Optional(
            Type.String({ minLength: 1, maxLength: 15, description: "network interface of the broker connection" }),
          ),
        },
        closed,
      ),
    ),
    uplink: Type.Object(
      {
        broker: Broker,
        sparkplug: Type.Optional(
          Type.Object(
            {
              group: Type.Optional(Name("default: the site")),
              edgeNode: Type.Optional(Name("default: the device")),
            },
            closed,
          ),
        ),
        publishMs: Type.Optional(
          Type.Integer({
            minimum: 50,
            maximum: 1_000,
            default: 250,
            description: "how often values are handed to the broker and marked",
          }),
        ),
        rebirthsPerMinute: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 60, default: 6, description: "Rebirth commands obeyed in a minute" }),
        ),
        queueValuesMax: Type.Optional(
          Type.Integer({
            minimum: 1_000,
            maximum: 10_000_000,
            default: 200_000,
            description: "values kept in memory while the broker is away",
          }),
        ),
      },
      closed,
    ),
    buses: Type.Array(Bus, { minItems: 1, maxItems: 1_000 }),
  },
  { ...closed, title: "Holdfast gateway configuration" },
);
export type GatewayFile = Type.Static<typeof GatewayFile>;

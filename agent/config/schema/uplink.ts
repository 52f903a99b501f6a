import Type from "typebox";
import { BROKER_URL_PATTERN, CLIENT_ID_PATTERN, Line, Name, closed } from "./text.ts";

const FILE_CHARS_MAX = 512;

export const Broker = Type.Object(
  {
    url: Type.String({
      pattern: BROKER_URL_PATTERN,
      maxLength: 300,
      description: "mqtts://host:port, port 8883 where absent; there is no plain MQTT",
    }),
    serverName: Type.Optional(Line(255, "whom the broker's certificate must name; default: the url's host")),
    protocol: Type.Optional(
      Type.Union([Type.Literal("auto"), Type.Literal("5"), Type.Literal("3.1.1")], {
        default: "auto",
        description: "MQTT version; auto: 5, and 3.1.1 where the broker refuses it",
      }),
    ),
    clientId: Type.Optional(
      Type.String({ pattern: CLIENT_ID_PATTERN, description: "MQTT client identifier; default: <site>-<device>" }),
    ),
    anchors: Line(FILE_CHARS_MAX, "PEM file of the CA certificates that may vouch for the broker"),
    certificate: Line(FILE_CHARS_MAX, "PEM file of the gateway's certificate"),
    key: Line(FILE_CHARS_MAX, "PEM file of the gateway's private key"),
    keepaliveS: Type.Optional(
      Type.Integer({ minimum: 5, maximum: 1_200, default: 30, description: "MQTT keep-alive, seconds" }),
    ),
    connectTimeoutMs: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: 120_000,
        default: 15_000,
        description: "for TCP, TLS and CONNACK together",
      }),
    ),
    retryMsMin: Type.Optional(
      Type.Integer({
        minimum: 100,
        maximum: 60_000,
        default: 1_000,
        description: "first pause between attempts, before jitter",
      }),
    ),
    retryMsMax: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: 3_600_000,
        default: 60_000,
        description: "longest pause between attempts, before jitter",
      }),
    ),
    packetBytesMax: Type.Optional(
      Type.Integer({
        minimum: 1_024,
        maximum: 1_048_576,
        default: 262_144,
        description: "longest MQTT packet sent or accepted; a device's birth must fit in one",
      }),
    ),
  },
  {
    ...closed,
    description:
      "The MQTT broker: TLS 1.3 with a client certificate, always. File names are absolute, or relative to this file.",
  },
);
export type Broker = Type.Static<typeof Broker>;

export const Sparkplug = Type.Object(
  {
    group: Type.Optional(Name("group id; default: the site")),
    edgeNode: Type.Optional(Name("edge node id; default: the device")),
  },
  { ...closed, description: "What the gateway is called in Sparkplug topics." },
);

export const Uplink = Type.Object(
  {
    broker: Broker,
    sparkplug: Type.Optional(Sparkplug),
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
  { ...closed, description: "Where values go." },
);
export type Uplink = Type.Static<typeof Uplink>;

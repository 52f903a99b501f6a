import Type from "typebox";
import { BROKER_URL_PATTERN, CLIENT_ID_PATTERN, Line, PROXY_URL_PATTERN, closed } from "./text.ts";

const FILE_CHARS_MAX = 512;
const USER_NAME_CHARS_MAX = 256;

export const Proxy = Type.Object(
  {
    url: Type.String({
      pattern: PROXY_URL_PATTERN,
      maxLength: 300,
      description: "http://host:port of a proxy that does CONNECT, port 3128 where absent",
    }),
    username: Type.Optional(Line(USER_NAME_CHARS_MAX, "user name for the proxy (Basic)")),
    passwordFile: Type.Optional(Line(FILE_CHARS_MAX, "file with the proxy password on its first line")),
  },
  {
    ...closed,
    description: "Go through this HTTP proxy. TLS runs end to end: the proxy sees the broker's name, no more.",
  },
);

export const Broker = Type.Object(
  {
    url: Type.String({
      pattern: BROKER_URL_PATTERN,
      maxLength: 300,
      description:
        "mqtts://host:port, port 8883 where absent, or wss://host:port/path for MQTT over WebSocket, 443 and /mqtt where absent; there is no plain MQTT",
    }),
    profile: Type.Optional(
      Type.Union(
        [
          Type.Literal("generic"),
          Type.Literal("mosquitto"),
          Type.Literal("emqx"),
          Type.Literal("hivemq"),
          Type.Literal("aws-iot-core"),
          Type.Literal("azure-event-grid"),
        ],
        {
          default: "generic",
          description: "whose limits and manners the broker has; `config check` holds this file against them",
        },
      ),
    ),
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
    username: Type.Optional(
      Line(USER_NAME_CHARS_MAX, "MQTT user name, beside the certificate, where the broker wants one"),
    ),
    passwordFile: Type.Optional(Line(FILE_CHARS_MAX, "file with the MQTT password on its first line")),
    proxy: Type.Optional(Proxy),
    tlsVersionMin: Type.Optional(
      Type.Union([Type.Literal("1.3"), Type.Literal("1.2")], {
        default: "1.3",
        description: "1.2 only for a broker that knows no better: ECDHE with AES-GCM or ChaCha20-Poly1305 alone",
      }),
    ),
    hybridOnly: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          "never offer X25519 alone, not even where something on the way stalls the larger X25519MLKEM768 handshakes",
      }),
    ),
    keepaliveS: Type.Optional(
      Type.Integer({
        minimum: 5,
        maximum: 1_200,
        default: 60,
        description: "MQTT keep-alive, seconds: the broker declares the gateway dead after one and a half of it",
      }),
    ),
    keepaliveSMin: Type.Optional(
      Type.Integer({
        minimum: 5,
        maximum: 1_200,
        default: 15,
        description: "how often, at most, an idle connection is kept open for a NAT on the way that forgets sooner",
      }),
    ),
    connectTimeoutMs: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: 120_000,
        default: 15_000,
        description: "for proxy, TCP, TLS and CONNACK together",
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
        description:
          "longest MQTT packet sent or accepted; a device's birth must fit in one; default: 262144, or what the profile's broker takes",
      }),
    ),
  },
  {
    ...closed,
    description:
      "The MQTT broker: TLS with a client certificate, always. File names are absolute, or relative to this file.",
  },
);
export type Broker = Type.Static<typeof Broker>;

const { url, ...inheritable } = Broker.properties;

/** A broker as its difference from the first: what it does not say is as there, but for whose name and password it is. */
export const Fallback = Type.Object(
  {
    url,
    ...Type.Partial(Type.Object(withoutDefaults(inheritable))).properties,
    direct: Type.Optional(
      Type.Boolean({ default: false, description: "reach this one without the proxy that `broker` goes through" }),
    ),
  },
  {
    ...closed,
    description:
      "Another broker. What is not said here is as in `broker`, but for serverName, and for passwordFile beside a username of its own.",
  },
);
export type Fallback = Type.Static<typeof Fallback>;

/** Where nothing is said, `broker` is the default, and not what would be its own. */
function withoutDefaults<Properties extends Type.TProperties>(properties: Properties): Properties {
  const bare = Object.entries(properties).map(([key, schema]) => {
    // the library marks its schemas with properties that a spread would lose
    const { default: _, ...rest } = Object.getOwnPropertyDescriptors<{ default?: unknown }>(schema);
    return [key, Object.defineProperties({}, rest)];
  });
  return Object.fromEntries(bare) as Properties;
}

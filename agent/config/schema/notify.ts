import Type from "typebox";
import { ALARM_SINKS_MAX } from "../../contract/alarm-sinks.ts";
import { HTTPS_URL_PATTERN, Line, Name, closed } from "./text.ts";

const FILE_CHARS_MAX = 512;
/** @see RFC 3414 §5 (usmUserName) */
const SNMP_USER_CHARS_MAX = 32;

const port = (usual: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 65_535, default: usual, description });
const certificate = Type.Optional(
  Line(FILE_CHARS_MAX, "PEM file of the gateway's certificate, where the receiver asks for one"),
);
const key = Type.Optional(Line(FILE_CHARS_MAX, "PEM file of the private key beside `certificate`"));
const anchors = Line(FILE_CHARS_MAX, "PEM file of the CA certificates that may vouch for the receiver");
const serverName = (whose: string) =>
  Type.Optional(Line(255, `whom the receiver's certificate must name; default: ${whose}`));

export const Syslog = Type.Object(
  {
    host: Line(255, "name or address of the syslog receiver"),
    port: Type.Optional(port(6_514, "its port for syslog over TLS")),
    serverName: serverName("`host`"),
    facility: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 23, default: 16, description: "syslog facility; 16 is local0" }),
    ),
    anchors,
    certificate,
    key,
  },
  { ...closed, description: "RFC 5424 over TLS 1.3 (RFC 5425); there is no plain syslog." },
);
export type Syslog = Type.Static<typeof Syslog>;

export const Snmp = Type.Object(
  {
    host: Line(255, "name or address of the trap receiver"),
    port: Type.Optional(port(162, "its UDP port")),
    user: Line(SNMP_USER_CHARS_MAX, "SNMPv3 user, as the receiver knows it"),
    authentication: Type.Optional(
      Type.Union([Type.Literal("sha256"), Type.Literal("sha512")], {
        default: "sha256",
        description: "HMAC-SHA-2 (RFC 7860)",
      }),
    ),
    privacy: Type.Optional(
      Type.Union([Type.Literal("aes128"), Type.Literal("aes256")], {
        default: "aes128",
        description: "AES-CFB; 256 is no standard, and not every receiver has it",
      }),
    ),
    authenticationFile: Line(
      FILE_CHARS_MAX,
      "file with the authentication passphrase on its first line, 8 characters or more",
    ),
    privacyFile: Line(
      FILE_CHARS_MAX,
      "file with the privacy passphrase on its first line, another one, 8 characters or more",
    ),
  },
  { ...closed, description: "SNMPv3 informs with authentication and privacy; SNMPv1 and v2c do not exist here." },
);
export type Snmp = Type.Static<typeof Snmp>;

export const Webhook = Type.Object(
  {
    url: Type.String({
      pattern: HTTPS_URL_PATTERN,
      maxLength: 512,
      description: "https://host:port/path, port 443 where absent; there is no plain HTTP",
    }),
    serverName: serverName("the url's host"),
    anchors,
    certificate,
    key,
    tokenFile: Type.Optional(Line(FILE_CHARS_MAX, "file with a bearer token on its first line")),
  },
  { ...closed, description: "One POST of JSON for each event; redirects are never followed." },
);
export type Webhook = Type.Static<typeof Webhook>;

export const Sink = Type.Object(
  {
    name: Name("which receiver it is, in `status` and logs"),
    priority: Type.Optional(
      Type.Union([Type.Literal("critical"), Type.Literal("high"), Type.Literal("medium"), Type.Literal("low")], {
        default: "low",
        description: "alarms of this priority and above go there",
      }),
    ),
    language: Type.Optional(
      Type.Union([Type.Literal("en"), Type.Literal("de")], { default: "en", description: "of the texts for people" }),
    ),
    queueMax: Type.Optional(
      Type.Integer({
        minimum: 10,
        maximum: 500,
        default: 200,
        description: "events that wait while it is away; then the oldest go first, and it is told how many",
      }),
    ),
    syslog: Type.Optional(Syslog),
    snmp: Type.Optional(Snmp),
    webhook: Type.Optional(Webhook),
  },
  { ...closed, description: "One receiver of alarms: exactly one of syslog, snmp and webhook." },
);
export type Sink = Type.Static<typeof Sink>;

export const Notify = Type.Array(Sink, {
  minItems: 1,
  maxItems: ALARM_SINKS_MAX,
  description: "who is told of alarms beside the broker, whether or not the broker is there",
});

import Type from "typebox";
import { BROKERS_MAX } from "../../contract/uplink-status.ts";
import { Broker, Fallback } from "./broker.ts";
import { Name, TOPIC_PREFIX_PATTERN, closed } from "./text.ts";

export const Sparkplug = Type.Object(
  {
    group: Type.Optional(Name("group id; default: the site")),
    edgeNode: Type.Optional(Name("edge node id; default: the device")),
    primaryHost: Type.Optional(
      Name("host id of the primary host application: values wait until it says that it is there"),
    ),
  },
  { ...closed, description: "What the gateway is called in Sparkplug topics." },
);

const BYTES_MAX = 1_099_511_627_776;
const bytes = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 100_000, maximum: BYTES_MAX, description }));

const Allowances = (period: string) =>
  Type.Object(
    {
      live: bytes("births and values as they are sampled; what does not fit waits in the outbox as history"),
      history: bytes("values that were sampled while the broker was away or the budget used up"),
      management: bytes(
        "marks, health, version and configuration reports; once it is used up only the marks of values go",
      ),
    },
    {
      ...closed,
      description: `Bytes on the wire, TLS included, in one ${period}; a class without a number is not limited.`,
    },
  );

export const Budget = Type.Object(
  {
    day: Type.Optional(Allowances("day (UTC)")),
    month: Type.Optional(Allowances("month (UTC)")),
  },
  { ...closed, description: "What the connection may cost where bytes are paid for." },
);

export const Fleet = Type.Object(
  {
    gateways: Type.Integer({ minimum: 1, maximum: 100_000, description: "how many they are, this one included" }),
    connectsPerSecond: Type.Optional(
      Type.Integer({
        minimum: 10,
        maximum: 10_000,
        default: 50,
        description: "connections in one second that the broker is to see from all of them together",
      }),
    ),
  },
  {
    ...closed,
    description:
      "The gateways that share the broker. Where it is given, each takes its own moment to connect and to be born again.",
  },
);

export const Uplink = Type.Object(
  {
    broker: Broker,
    fallbacks: Type.Optional(
      Type.Array(Fallback, {
        maxItems: BROKERS_MAX - 1,
        description: "brokers to use while it is away, in this order",
      }),
    ),
    returnMs: Type.Optional(
      Type.Integer({
        minimum: 10_000,
        maximum: 86_400_000,
        default: 300_000,
        description: "how often a better broker or network interface is tried while another one serves",
      }),
    ),
    managementPrefix: Type.Optional(
      Type.String({
        pattern: TOPIC_PREFIX_PATTERN,
        maxLength: 128,
        default: "holdfast/v1",
        description: "what the topics of the management namespace begin with, before /<site>/<device>",
      }),
    ),
    budget: Type.Optional(Budget),
    fleet: Type.Optional(Fleet),
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

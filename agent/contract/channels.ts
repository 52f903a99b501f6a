import { HEALTH_EXPIRY_PERIODS, HEALTH_PERIOD_S, HealthMessage } from "./health.ts";
import { ConfigMessage, Mark, VersionMessage } from "./mqtt.ts";

/** Levels of a topic that differ between gateways. `prefix` alone may be several levels. */
export const TOPIC_PARAMETERS = {
  prefix:
    "What the management topics of this installation begin with, one to four levels: uplink.managementPrefix, holdfast/v1 by default.",
  site: "The configuration's site.",
  device: "The configuration's device: this gateway.",
  group: "Sparkplug group id: uplink.sparkplug.group, the site by default.",
  edgeNode: "Sparkplug edge node id: uplink.sparkplug.edgeNode, the device by default.",
  fieldDevice: "Sparkplug device id: the name of a device on a bus.",
  host: "Sparkplug host id of a host application.",
} as const;
export type TopicParameter = keyof typeof TOPIC_PARAMETERS;

/** One topic, as the gateway uses it. */
export interface ChannelFacts {
  readonly name: string;
  /** with `{parameters}` */
  readonly address: string;
  readonly direction: "send" | "receive" | "both";
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /** seconds after which an MQTT 5 broker forgets it; never where absent */
  readonly expiryS?: number;
  readonly summary: string;
  /** when it is sent */
  readonly when: string;
  /** of a JSON payload */
  readonly schema?: object;
  /** of a payload that is neither JSON nor Sparkplug's */
  readonly opaque?: boolean;
}

const MANAGEMENT = "{prefix}/{site}/{device}";
const NODE = (verb: string): string => `spBv1.0/{group}/${verb}/{edgeNode}`;
const DEVICE = (verb: string): string => `${NODE(verb)}/{fieldDevice}`;

const HostState = {
  type: "object",
  description: "Whether a host application is there.",
  required: ["online", "timestamp"],
  properties: {
    online: { type: "boolean" },
    timestamp: {
      type: "integer",
      minimum: 0,
      description: "Unix milliseconds; an older one than the newest is ignored.",
    },
  },
} as const;

/** Every topic there is, in the order of the document. */
export const CHANNELS: readonly ChannelFacts[] = [
  {
    name: "health",
    address: `${MANAGEMENT}/health`,
    direction: "send",
    qos: 1,
    retain: true,
    expiryS: HEALTH_PERIOD_S * HEALTH_EXPIRY_PERIODS,
    summary: "How the gateway is.",
    when: `after the births of each connection, on change (four at once, then one a minute), each ${HEALTH_PERIOD_S / 60} min, before a deliberate goodbye`,
    schema: HealthMessage,
  },
  {
    name: "version",
    address: `${MANAGEMENT}/version`,
    direction: "send",
    qos: 1,
    retain: true,
    summary: "What runs on it.",
    when: "after the births of each connection and on change, at most once a second",
    schema: VersionMessage,
  },
  {
    name: "config",
    address: `${MANAGEMENT}/config`,
    direction: "send",
    qos: 1,
    retain: true,
    summary: "Which configuration runs, and why a newer one does not.",
    when: "after the births of each connection and on change, at most once a second",
    schema: ConfigMessage,
  },
  {
    name: "mark",
    address: `${MANAGEMENT}/mark`,
    direction: "send",
    qos: 1,
    retain: false,
    summary: "What was dealt with: high-water sequence of each source, and gaps.",
    when: "after each round that published or lost something",
    schema: Mark,
  },
  {
    name: "echo",
    address: `${MANAGEMENT}/echo`,
    direction: "both",
    qos: 1,
    retain: false,
    summary: "What the gateway says to itself, to find out what the broker lets through. Nobody else needs it.",
    when: "by `holdfast uplink test`",
    opaque: true,
  },
  node(
    "NBIRTH",
    "send",
    0,
    "The edge node is there, with its metrics.",
    "on connecting, once the primary host is there where one is configured; on Rebirth; on a new boot or roster",
  ),
  node("NDATA", "send", 0, "Metrics of the edge node that changed.", "on change"),
  node(
    "NDEATH",
    "send",
    1,
    "The edge node is gone. It is the Will of the connection and so the last will of the management topics, too.",
    "by the broker when the connection breaks; by the gateway before a deliberate DISCONNECT",
  ),
  device("DBIRTH", "send", 0, "A field device is there, with its points.", "after NBIRTH, and when it answers again"),
  device("DDATA", "send", 0, "Values.", "every publishing period in which there are any"),
  device("DDEATH", "send", 0, "A field device stopped answering.", "as soon as it is taken for dead"),
  node(
    "NCMD",
    "receive",
    1,
    "A command to the edge node. Node Control/Rebirth alone is obeyed.",
    "whenever a host asks",
  ),
  device(
    "DCMD",
    "receive",
    1,
    "A command to a field device. Refused and counted.",
    "by a host that does not know that outputs are not written this way",
  ),
  {
    name: "STATE",
    address: "spBv1.0/STATE/{host}",
    direction: "receive",
    qos: 1,
    retain: true,
    summary: "Whether the primary host is there. Heard where uplink.sparkplug.primaryHost names one.",
    when: "when a host comes and goes",
    schema: HostState,
  },
];

function node(verb: string, direction: "send" | "receive", qos: 0 | 1, summary: string, when: string): ChannelFacts {
  return { name: verb, address: NODE(verb), direction, qos, retain: false, summary, when };
}

function device(verb: string, direction: "send" | "receive", qos: 0 | 1, summary: string, when: string): ChannelFacts {
  return { ...node(verb, direction, qos, summary, when), address: DEVICE(verb) };
}

/** The topic or filter of a channel. @throws {TypeError} where a parameter of it is missing */
export function addressOf({ address }: ChannelFacts, parameters: Partial<Record<TopicParameter, string>>): string {
  return address.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name as TopicParameter];
    if (value === undefined) throw new TypeError(`${address} needs ${name}`);
    return value;
  });
}

import protobuf from "sparkplug-payload/lib/sparkplugPayloadProto.js";
import type { Recorded, Recording } from "./recording-broker.ts";

const Payload = protobuf.org.eclipse.tahu.protobuf.Payload;

/** A value with the name of the field it came in: that field is what an assertion may be about. */
export interface Carried {
  readonly field: string;
  readonly value: number | bigint | boolean | string | object;
}

export interface CapturedProperty {
  readonly type: number | undefined;
  readonly isNull: boolean;
  readonly carried: Carried | undefined;
}

/** A metric as it is on the wire: what is not there is undefined. */
export interface CapturedMetric {
  readonly name: string | undefined;
  readonly alias: number | undefined;
  readonly timestamp: number | undefined;
  readonly datatype: number | undefined;
  readonly historical: boolean;
  readonly isNull: boolean;
  readonly carried: Carried | undefined;
  readonly keys: readonly string[];
  readonly properties: readonly CapturedProperty[];
}

/** A payload as a decoder that is not ours reads it. */
export interface Content {
  readonly timestamp: number | undefined;
  readonly seq: number | undefined;
  readonly metrics: readonly CapturedMetric[];
}

/** One message on a Sparkplug topic. */
export interface Message extends Content {
  readonly verb: string;
  readonly device: string | undefined;
  readonly topic: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly will: boolean;
  readonly connection: number;
  readonly broker: string;
  readonly wallMs: number;
  readonly bytes: Uint8Array;
  /** place among all that was recorded */
  readonly at: number;
}

export interface Will extends Content {
  readonly topic: string;
  readonly qos: number | undefined;
  readonly retain: boolean | undefined;
}

export interface Capture {
  readonly messages: readonly Message[];
  readonly events: readonly Recorded[];
  /** Never empty: an assertion about nothing would always hold. */
  of(...verbs: readonly string[]): readonly Message[];
  connects(): readonly Extract<Recorded, { kind: "connect" }>[];
  /** filter → QoS asked for, over all connections */
  subscriptions(): readonly { readonly topic: string; readonly qos: number }[];
  /** The message with `seq` that the same connection carried before this one. */
  before(message: Message): Message;
  /** Messages with data between two named moments of the play. */
  dataBetween(from: string, to: string): readonly Message[];
  /** The first message of this verb after a named moment. */
  firstAfter(moment: string, verb: string): Message;
  /** The NDEATH in the CONNECT of a connection. */
  will(connection: number): Will;
  /** What the newest birth before this message said of the alias. */
  declared(message: Message, alias: number | undefined): CapturedMetric;
}

export function captureOf(recording: Recording): Capture {
  const messages = recording.events.flatMap((event, at) => messageOf(event, at));
  const moment = (name: string): number => {
    const at = recording.moments.get(name);
    if (at === undefined) throw new Error(`there was no moment "${name}"`);
    return at;
  };
  const numbered = messages.filter(({ seq }) => seq !== undefined);
  return {
    messages,
    events: recording.events,
    of(...verbs) {
      const found = messages.filter(({ verb }) => verbs.includes(verb));
      for (const verb of verbs) {
        if (!found.some((message) => message.verb === verb)) throw new Error(`no ${verb} was captured`);
      }
      return found;
    },
    connects: () => recording.events.filter((event) => event.kind === "connect"),
    subscriptions: () =>
      recording.events
        .filter((event) => event.kind === "subscribe")
        .flatMap(({ packet }) => packet.subscriptions.map(({ topic, qos }) => ({ topic, qos }))),
    before(message) {
      const previous = numbered.findLast(({ connection, at }) => connection === message.connection && at < message.at);
      if (previous === undefined) throw new Error(`nothing came before ${message.topic} of seq ${message.seq}`);
      return previous;
    },
    dataBetween(from, to) {
      const [begin, end] = [moment(from), moment(to)];
      return messages.filter(({ verb, at }) => verb.endsWith("DATA") && at >= begin && at < end);
    },
    firstAfter(name, wanted) {
      const found = messages.find(({ verb, at }) => verb === wanted && at >= moment(name));
      if (found === undefined) throw new Error(`no ${wanted} after "${name}"`);
      return found;
    },
    will(connection) {
      const connect = recording.events.find((event) => event.kind === "connect" && event.connection === connection);
      const will = connect?.kind === "connect" ? connect.packet.will : undefined;
      if (will === undefined) throw new Error(`connection ${connection} has no Will`);
      const { topic, qos, retain } = will;
      return { topic, qos, retain, ...contentOf(Buffer.from(will.payload)) };
    },
    declared(message, alias) {
      const birth = messages.findLast(
        ({ verb, device, connection, at, metrics }) =>
          verb === (message.device === undefined ? "NBIRTH" : "DBIRTH") &&
          device === message.device &&
          connection === message.connection &&
          at < message.at &&
          metrics.some((metric) => metric.alias === alias),
      );
      const metric = birth?.metrics.find((candidate) => candidate.alias === alias);
      if (metric === undefined) throw new Error(`alias ${alias} of ${message.topic} was never declared`);
      return metric;
    },
  };
}

function messageOf(event: Recorded, at: number): Message[] {
  if (event.kind !== "publish" || !event.topic.startsWith("spBv1.0/")) return [];
  const [, , verb = "", , device] = event.topic.split("/");
  const { topic, qos, retain, will, connection, broker, wallMs, payload } = event;
  const place = { verb, device, topic, qos, retain, will, connection, broker, wallMs, at };
  return [{ ...place, bytes: payload, ...contentOf(payload) }];
}

function contentOf(bytes: Uint8Array): Content {
  const raw = plain(Payload.decode(bytes));
  return {
    timestamp: numeric(raw["timestamp"]),
    seq: numeric(raw["seq"]),
    metrics: list(raw["metrics"]).map(metricOf),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Only what was on the wire; 64-bit integers as decimal text. */
function plain(message: InstanceType<typeof Payload>): Fields {
  return Payload.toObject(message, { longs: String, arrays: true });
}

function metricOf(raw: Fields): CapturedMetric {
  const properties = raw["properties"] as Fields | undefined;
  return {
    name: raw["name"] as string | undefined,
    alias: numeric(raw["alias"]),
    timestamp: numeric(raw["timestamp"]),
    datatype: numeric(raw["datatype"]),
    historical: raw["isHistorical"] === true,
    isNull: raw["isNull"] === true,
    carried: carriedIn(raw),
    keys: (properties?.["keys"] ?? []) as readonly string[],
    properties: list(properties?.["values"]).map((value) => ({
      type: numeric(value["type"]),
      isNull: value["isNull"] === true,
      carried: carriedIn(value),
    })),
  };
}

function carriedIn(raw: Fields): Carried | undefined {
  const field = Object.keys(raw).find((key) => key.endsWith("Value"));
  if (field === undefined) return undefined;
  const value = raw[field] as Carried["value"];
  return { field, value: field === "longValue" ? BigInt(value as string) : value };
}

function list(value: unknown): readonly Fields[] {
  return (value ?? []) as readonly Fields[];
}

function numeric(value: unknown): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

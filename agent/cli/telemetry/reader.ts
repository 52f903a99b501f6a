import { typed } from "../../uplink/sparkplug/decode-value.ts";
import { decodePayload } from "../../uplink/sparkplug/decode.ts";
import type { Metric } from "../../uplink/sparkplug/payload.ts";
import { openNode } from "./node.ts";
import type { Meaning, Node } from "./node.ts";
import { qualityWord } from "./quality-word.ts";
import type { Said, SaidMetric, Unsaid, Verb } from "./said.ts";
import { visible } from "./visible.ts";

/** Edge nodes remembered at once; the one that was born first is forgotten for the next. */
export const NODES_MAX = 1_000;

/** Levels of a JSON document; the management topics have four. */
const JSON_DEPTH_MAX = 64;

const VERBS: ReadonlySet<string> = new Set<Verb>([
  "NBIRTH",
  "DBIRTH",
  "NDATA",
  "DDATA",
  "NDEATH",
  "DDEATH",
  "NCMD",
  "DCMD",
]);

interface SparkplugTopic {
  readonly verb: Verb;
  readonly group: string;
  readonly edgeNode: string;
  readonly device: string | undefined;
}

/** Reads messages in the order they were heard, and remembers births, so that later ones can be told by name. */
export class CaptureReader {
  readonly #nodes = new Map<string, Node>();

  read(topic: string, payload: Uint8Array): Said | Unsaid {
    const host = /^(?:spBv1\.0\/)?STATE\/([^/]+)$/u.exec(topic)?.[1];
    if (host !== undefined) return readState(host, payload);
    const sparkplug = sparkplugTopic(topic);
    if (sparkplug !== undefined) return this.#sparkplug(sparkplug, payload);
    if (topic.startsWith("spBv1.0/")) {
      const message = `${visible(topic)} is no topic of Sparkplug B: group, verb, edge node and device are wanted`;
      return { refusal: "TELEMETRY_TOPIC_UNKNOWN", message };
    }
    return payload.length === 0 ? { kind: "cleared", topic } : readJson(topic, payload);
  }

  #sparkplug(topic: SparkplugTopic, bytes: Uint8Array): Said | Unsaid {
    const decoded = decodePayload(bytes);
    if ("refusal" in decoded) {
      const refusal = decoded.refusal === "PAYLOAD_LIMIT" ? "TELEMETRY_PAYLOAD_LIMIT" : "TELEMETRY_PAYLOAD_MALFORMED";
      return { refusal, message: decoded.message };
    }
    const { payload } = decoded;
    const { verb, group, edgeNode, device } = topic;
    const node = this.#node(`${group}/${edgeNode}`);
    const notes = node.follow(verb, device, payload);
    if (verb === "NBIRTH" || verb === "DBIRTH") for (const metric of payload.metrics) node.learn(device, metric);
    const { timestamp: timeMs, seq } = payload;
    const metrics = payload.metrics.map((metric) => saidMetric(metric, node.meaningOf(device, metric)));
    return { kind: "sparkplug", verb, group, edgeNode, device, timeMs, seq, notes, metrics };
  }

  #node(key: string): Node {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.#nodes.keys();
    if (this.#nodes.size >= NODES_MAX && oldest !== undefined) this.#nodes.delete(oldest);
    const node = openNode();
    this.#nodes.set(key, node);
    return node;
  }
}

function sparkplugTopic(topic: string): SparkplugTopic | undefined {
  const [namespace, group, verb = "", edgeNode, device, ...more] = topic.split("/");
  if (namespace !== "spBv1.0" || group === undefined || edgeNode === undefined || more.length > 0) return undefined;
  if (!VERBS.has(verb) || verb.startsWith("D") !== (device !== undefined)) return undefined;
  return { verb: verb as Verb, group, edgeNode, device };
}

function saidMetric(metric: Metric, meaning: Meaning | undefined): SaidMetric {
  const type = metric.type ?? meaning?.type;
  const { value } = metric;
  return {
    name: metric.name ?? meaning?.name,
    alias: metric.alias,
    type,
    // data leaves the type out, and with it the sign
    value: typeof value === "number" || typeof value === "bigint" ? typed(value, type ?? 0) : value,
    unit: meaning?.unit,
    timeMs: metric.timestamp,
    quality: qualityWord(metric.properties),
    historical: metric.historical === true,
  };
}

/** Sparkplug B 3.0 says JSON, versions before it said a word. */
function readState(host: string, payload: Uint8Array): Said | Unsaid {
  const text = Buffer.from(payload).toString("utf8");
  if (text === "ONLINE" || text === "OFFLINE") {
    return { kind: "state", host, online: text === "ONLINE", timeMs: undefined };
  }
  const body = parsed(text);
  const online = body === undefined ? undefined : (body as { readonly online?: unknown }).online;
  const timestamp = body === undefined ? undefined : (body as { readonly timestamp?: unknown }).timestamp;
  if (typeof online !== "boolean" || typeof timestamp !== "number") {
    const message = `the state of ${visible(host)} is no {"online":true,"timestamp":…}`;
    return { refusal: "TELEMETRY_PAYLOAD_MALFORMED", message };
  }
  return { kind: "state", host, online, timeMs: timestamp };
}

function readJson(topic: string, payload: Uint8Array): Said | Unsaid {
  const body = parsed(Buffer.from(payload).toString("utf8"));
  if (body === undefined) {
    const message = `${visible(topic)} is no Sparkplug topic, and its payload is no JSON object`;
    return { refusal: "TELEMETRY_TOPIC_UNKNOWN", message };
  }
  if (deeperThan(JSON_DEPTH_MAX, body)) {
    return { refusal: "TELEMETRY_PAYLOAD_LIMIT", message: `JSON nested deeper than ${JSON_DEPTH_MAX}` };
  }
  const { timeMs } = body as { readonly timeMs?: unknown };
  return { kind: "json", topic, timeMs: typeof timeMs === "number" ? timeMs : undefined, body };
}

/** Level by level, since the document decides how many there are. */
function deeperThan(depthMax: number, document: object): boolean {
  let level: readonly unknown[] = [document];
  for (let depth = 0; depth <= depthMax && level.length > 0; depth++) {
    level = level.flatMap((value): unknown[] =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return level.length > 0;
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

import { Check } from "typebox/schema";
import { HealthMessage } from "../../../agent/contract/health.ts";
import { ConfigMessage, Mark, VersionMessage } from "../../../agent/contract/mqtt.ts";
import { decodePayload } from "../../../agent/uplink/sparkplug/decode.ts";
import type { Metric, Payload, Scalar } from "../../../agent/uplink/sparkplug/payload.ts";
import type { Received } from "../../../simulator/broker/index.ts";

export interface Delivered {
  readonly source: string;
  readonly bootId: string;
  readonly sequence: number;
  readonly point: string;
  readonly value: Scalar | null;
  readonly historical: boolean;
  readonly timeMs: number;
  readonly quality: number | undefined;
}

interface Device {
  born: boolean;
  readonly metrics: Map<number, { readonly name: string; readonly type: number }>;
}

/** A message on a Sparkplug topic. */
export interface Heard {
  readonly verb: string;
  readonly device: string | undefined;
  readonly payload: Payload;
  readonly received: Received;
}

/**
 * A host application that believes nothing: it follows every rule of the session as the specification has it and
 * writes down each breach. It also keeps what a subscriber of marks would: values by key, gaps, acknowledged cursors.
 */
export function host() {
  const heard: Heard[] = [];
  const breaches: string[] = [];
  const values: Delivered[] = [];
  const marks: Mark[] = [];
  const healths: HealthMessage[] = [];
  const versions: VersionMessage[] = [];
  const configs: ConfigMessage[] = [];
  const management = {
    mark: { schema: Mark, heard: marks, retain: false },
    health: { schema: HealthMessage, heard: healths, retain: true },
    version: { schema: VersionMessage, heard: versions, retain: true },
    config: { schema: ConfigMessage, heard: configs, retain: true },
  } as const;
  const current = new Map<string, Scalar | null>();
  const devices = new Map<string, Device>();
  const births: { readonly bdSeq: number; readonly bootId: string }[] = [];
  let seq = -1;
  let bdSeq = -1n;
  let bootId = "";
  let nodeBorn = false;
  const aliases = new Map<number, string>();

  const breach = (heardOne: Heard, what: string): void => {
    breaches.push(`${heardOne.verb} ${heardOne.device ?? ""} seq ${heardOne.payload.seq}: ${what}`);
  };
  const declare = (one: Heard, owner: string): Map<number, { name: string; type: number }> => {
    const metrics = new Map<number, { name: string; type: number }>();
    for (const metric of one.payload.metrics) {
      if (metric.name === undefined || metric.type === undefined) breach(one, "a metric without name or datatype");
      if (metric.timestamp === undefined) breach(one, "a metric without timestamp");
      if (metric.value === undefined) breach(one, `${metric.name} has neither value nor is_null`);
      if (metric.alias === undefined) {
        if (metric.name !== "Node Control/Rebirth") breach(one, `${metric.name} has no alias`);
        continue;
      }
      const holder = aliases.get(metric.alias);
      if (holder !== undefined && holder !== `${owner}/${metric.name}`) {
        breach(one, `alias ${metric.alias} is ${holder}'s`);
      }
      aliases.set(metric.alias, `${owner}/${metric.name}`);
      metrics.set(metric.alias, { name: metric.name ?? "", type: metric.type ?? 0 });
    }
    return metrics;
  };
  const follow = (one: Heard): void => {
    const { verb, device, payload } = one;
    if (verb === "NDEATH") {
      if (payload.seq !== undefined) breach(one, "a death with seq");
      const died = payload.metrics.find(({ name }) => name === "bdSeq");
      if (died?.timestamp === undefined) breach(one, "bdSeq without timestamp");
      if (died?.value === bdSeq) {
        nodeBorn = false;
        for (const known of devices.values()) known.born = false;
      } else if (!one.received.will) {
        const died64 = typeof died?.value === "bigint" ? died.value : "nobody";
        breach(one, `death of ${died64} while ${bdSeq} lives`);
      }
      return;
    }
    if (one.received.qos !== 0 || one.received.retain) breach(one, "not QoS 0 unretained");
    if (payload.timestamp === undefined) breach(one, "no timestamp");
    if (verb === "NBIRTH") {
      if (payload.seq !== 0) breach(one, "NBIRTH without seq 0");
      nodeBorn = true;
      aliases.clear();
      devices.clear();
      declare(one, "node");
      bdSeq = payload.metrics.find(({ name }) => name === "bdSeq")?.value as bigint;
      bootId = payload.metrics.find(({ name }) => name === "Holdfast/Boot Id")?.value as string;
      births.push({ bdSeq: Number(bdSeq), bootId });
      if (payload.metrics.find(({ name }) => name === "Node Control/Rebirth")?.value !== false) {
        breach(one, "no Node Control/Rebirth");
      }
    } else if (payload.seq !== (seq + 1) % 256) breach(one, `seq ${seq} came before`);
    seq = payload.seq ?? -1;
    if (!nodeBorn) breach(one, "before NBIRTH");
    if (device === undefined) return;
    if (verb === "DBIRTH") devices.set(device, { born: true, metrics: declare(one, device) });
    if (verb === "DBIRTH") for (const metric of payload.metrics) show(device, metric.name ?? "", metric);
    const known = devices.get(device);
    if (known?.born !== true) breach(one, "a device that is not born");
    if (verb === "DDEATH" && known !== undefined) known.born = false;
    if (verb === "DDATA" && known !== undefined) data(one, device, known);
  };
  const data = (one: Heard, device: string, { metrics }: Device): void => {
    let sequence: number | undefined;
    for (const metric of one.payload.metrics) {
      if (metric.name !== undefined) breach(one, "a name in DDATA");
      if (metric.type !== undefined) breach(one, "a datatype in DDATA");
      const declared = metrics.get(metric.alias ?? -1);
      if (declared === undefined) {
        breach(one, `alias ${metric.alias} was never declared`);
        continue;
      }
      if (declared.name === "Holdfast/Sequence") sequence = Number(metric.value);
      else if (declared.name !== "Holdfast/Clock Trust") {
        show(device, declared.name, metric);
        if (sequence === undefined) continue;
        values.push({
          source: device,
          bootId,
          sequence,
          point: declared.name,
          value: signed(metric.value as Scalar | null, declared.type),
          historical: metric.historical === true,
          timeMs: metric.timestamp ?? 0,
          quality: quality(metric),
        });
        sequence += 1;
      }
    }
  };
  const show = (device: string, name: string, metric: Metric): void => {
    if (metric.historical !== true) current.set(`${device}/${name}`, metric.value as Scalar | null);
  };

  return {
    heard,
    breaches,
    values,
    marks,
    healths,
    versions,
    configs,
    current,
    births,
    /** `VERB device` in the order heard, the given verbs only */
    verbs: (...wanted: string[]) =>
      heard
        .filter(({ verb }) => wanted.length === 0 || wanted.includes(verb))
        .map(({ verb, device }) => (device === undefined ? verb : `${verb} ${device}`)),
    receive(received: Received): void {
      const [root = "", , verb = "", , device] = received.topic.split("/");
      if (root === "holdfast") {
        const message: unknown = JSON.parse(Buffer.from(received.payload).toString());
        const kind = received.topic.split("/").at(-1) as keyof typeof management;
        const { schema, heard: list, retain } = management[kind];
        if (!Check(schema, message)) breaches.push(`${received.topic} against its schema`);
        (list as unknown[]).push(message);
        if (received.qos !== 1 || received.retain !== retain) breaches.push(`${received.topic}: QoS or retain`);
        return;
      }
      const decoded = decodePayload(received.payload);
      if ("refusal" in decoded) {
        breaches.push(`${received.topic}: ${decoded.message}`);
        return;
      }
      const one = { verb, device, payload: decoded.payload, received };
      heard.push(one);
      follow(one);
    },
  };
}

export type Host = ReturnType<typeof host>;

function quality(metric: Metric): number | undefined {
  return metric.properties?.find(({ key }) => key === "Quality")?.value as number | undefined;
}

/** A DDATA metric has no datatype of its own: its birth gives a bare integer its sign. */
function signed(value: Scalar | null, type: number): Scalar | null {
  if (typeof value === "number" && type >= 1 && type <= 3) return value | 0;
  return typeof value === "bigint" && type === 4 ? BigInt.asIntN(64, value) : value;
}

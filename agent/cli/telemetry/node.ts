import type { Metric, Payload } from "../../uplink/sparkplug/payload.ts";
import type { Verb } from "./said.ts";

/** Metrics of one edge node whose meaning is remembered. */
export const MEANINGS_MAX = 1_000_000;
const SEQ_VALUES = 256;

/** What a birth said of a metric. */
export interface Meaning {
  readonly name: string | undefined;
  readonly type: number | undefined;
  readonly unit: string | undefined;
}

/** One edge node as its messages show it. */
export interface Node {
  /** What is not as it should be after the messages before, in words. */
  follow(verb: Verb, device: string | undefined, payload: Payload): readonly string[];
  /** A metric of a birth. */
  learn(device: string | undefined, metric: Metric): void;
  meaningOf(device: string | undefined, metric: Metric): Meaning | undefined;
}

export function openNode(): Node {
  const meanings = new Map<string, Meaning>();
  const devices = new Set<string>();
  let seq: number | undefined;
  let bdSeq: bigint | undefined;
  /** undefined: the capture began later than the session */
  let alive: boolean | undefined;

  const followSeq = (payload: Payload): readonly string[] => {
    const before = seq;
    seq = payload.seq;
    if (payload.seq === undefined) return ["it has no seq"];
    if (before === undefined) return [];
    const due = (before + 1) % SEQ_VALUES;
    if (payload.seq === due) return [];
    if (payload.seq === before) return [`seq ${payload.seq} repeats`];
    const missing = (payload.seq - due + SEQ_VALUES) % SEQ_VALUES;
    return [`seq ${due} was due: ${missing} missing, or out of order`];
  };
  const followDeath = (payload: Payload): readonly string[] => {
    const died = bdSeqOf(payload);
    if (bdSeq !== undefined && died !== bdSeq) return [`bdSeq ${died ?? "missing"} is not the ${bdSeq} of its birth`];
    alive = false;
    devices.clear();
    return [];
  };
  const followData = (verb: Verb, device: string | undefined, payload: Payload): readonly string[] => {
    const notes = [...followSeq(payload)];
    if (alive === false) notes.push("the node is dead: an NBIRTH was due");
    else if (alive === undefined) notes.push("the NBIRTH before it is not in this capture");
    if (device === undefined) return notes;
    if (verb === "DBIRTH") devices.add(device);
    else if (alive === true && !devices.has(device)) notes.push("the device is not born");
    if (verb === "DDEATH") devices.delete(device);
    return notes;
  };
  return {
    follow(verb, device, payload) {
      if (verb === "NCMD" || verb === "DCMD") return [];
      if (verb === "NDEATH") return followDeath(payload);
      if (verb !== "NBIRTH") return followData(verb, device, payload);
      alive = true;
      devices.clear();
      meanings.clear();
      seq = payload.seq;
      bdSeq = bdSeqOf(payload);
      return seq === undefined ? ["it has no seq"] : [];
    },
    learn(device, metric) {
      const unit = metric.properties?.find(({ key }) => key === "engUnit")?.value;
      const meaning = { name: metric.name, type: metric.type, unit: typeof unit === "string" ? unit : undefined };
      for (const key of keysOf(device, metric)) if (meanings.size < MEANINGS_MAX) meanings.set(key, meaning);
    },
    meaningOf(device, metric) {
      for (const key of keysOf(device, metric)) {
        const meaning = meanings.get(key);
        if (meaning !== undefined) return meaning;
      }
      return undefined;
    },
  };
}

/** An alias is one metric of the whole edge node, a name one of its device. */
function keysOf(device: string | undefined, { alias, name }: Metric): readonly string[] {
  return [
    ...(alias === undefined ? [] : [`alias ${alias}`]),
    ...(name === undefined ? [] : [`name ${device ?? ""}/${name}`]),
  ];
}

function bdSeqOf({ metrics }: Payload): bigint | undefined {
  const value = metrics.find(({ name }) => name === "bdSeq")?.value;
  return typeof value === "bigint" || typeof value === "number" ? BigInt(value) : undefined;
}

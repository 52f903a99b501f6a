import { QUALITIES } from "../../contract/point.ts";
import { DataType } from "../sparkplug/datatype.ts";
import { encodePayload } from "../sparkplug/encode.ts";
import type { Metric, Property } from "../sparkplug/payload.ts";
import { qualityProperties } from "../sparkplug/quality.ts";
import { unitsOfColumns } from "../sparkplug/record.ts";
import { birthValue } from "./point-value.ts";
import type { Point, Source } from "./source.ts";

/** What the edge node says about itself. */
export interface NodeFacts {
  readonly bootId: string;
  readonly version: string;
  readonly clockTrust: string;
  readonly valuesDropped: number;
  readonly writesRefused: number;
}

export const REBIRTH = "Node Control/Rebirth";
export const SEQUENCE = "Holdfast/Sequence";
export const CLOCK_TRUST = "Holdfast/Clock Trust";

/** Aliases of the node's own metrics; `Node Control/Rebirth` has none, as the specification demands. */
const NODE_ALIAS = { bdSeq: 1, bootId: 2, version: 3, clockTrust: 4, valuesDropped: 5, writesRefused: 6 } as const;
/** The first alias left for devices. */
export const DEVICE_ALIAS_FIRST = 7;

/** @see Sparkplug B 3.0 §6.4.18 NBIRTH */
export function nodeBirth(facts: NodeFacts, bdSeq: number, definitions: readonly Metric[], nowMs: number): Uint8Array {
  const { bdSeq: alias, bootId, version, clockTrust, valuesDropped, writesRefused } = NODE_ALIAS;
  const text = (name: string, metricAlias: number, value: string): Metric => ({
    name,
    alias: metricAlias,
    timestamp: nowMs,
    type: DataType.String,
    value,
  });
  return encodePayload({
    timestamp: nowMs,
    seq: 0,
    metrics: [
      { name: "bdSeq", alias, timestamp: nowMs, type: DataType.Int64, value: BigInt(bdSeq) },
      { name: REBIRTH, timestamp: nowMs, type: DataType.Boolean, value: false },
      text("Holdfast/Boot Id", bootId, facts.bootId),
      text("Holdfast/Version", version, facts.version),
      text(CLOCK_TRUST, clockTrust, facts.clockTrust),
      counter("Holdfast/Values Dropped", valuesDropped, facts.valuesDropped, nowMs),
      counter("Holdfast/Writes Refused", writesRefused, facts.writesRefused, nowMs),
      ...definitions,
    ],
  });
}

function counter(name: string, alias: number, value: number, timestamp: number): Metric {
  return { name, alias, timestamp, type: DataType.UInt64, value: BigInt(value) };
}

/** NDATA with what changed, or undefined where nothing did. */
export function nodeData(before: NodeFacts, facts: NodeFacts, seq: number, nowMs: number): Uint8Array | undefined {
  const metrics: Metric[] = [];
  if (facts.clockTrust !== before.clockTrust) {
    metrics.push({ alias: NODE_ALIAS.clockTrust, timestamp: nowMs, type: DataType.String, value: facts.clockTrust });
  }
  for (const key of ["valuesDropped", "writesRefused"] as const) {
    if (facts[key] === before[key]) continue;
    const { name: _, ...metric } = counter(key, NODE_ALIAS[key], facts[key], nowMs);
    metrics.push(metric);
  }
  return metrics.length === 0 ? undefined : encodePayload({ timestamp: nowMs, seq, metrics }, false);
}

/** The Will, and what goes before a clean goodbye: no `seq`. @see Sparkplug B 3.0 §6.4.24 NDEATH */
export function nodeDeath(bdSeq: number, nowMs: number): Uint8Array<ArrayBuffer> {
  return encodePayload({
    timestamp: nowMs,
    metrics: [{ name: "bdSeq", timestamp: nowMs, type: DataType.Int64, value: BigInt(bdSeq) }],
  });
}

/** Metrics in the order of their times, as the specification demands. @see Sparkplug B 3.0 §5.16, §6.4.20 DBIRTH */
export function deviceBirth(source: Source, clockTrust: string, seq: number, nowMs: number): Uint8Array {
  const [sequence, trust] = source.annotations;
  const metrics: readonly Metric[] = [
    { name: SEQUENCE, alias: sequence, timestamp: nowMs, type: DataType.UInt64, value: null },
    { name: CLOCK_TRUST, alias: trust, timestamp: nowMs, type: DataType.String, value: clockTrust },
    ...source.points.map((point) => pointBirth(point, nowMs)),
  ];
  return encodePayload({
    timestamp: nowMs,
    seq,
    metrics: metrics.toSorted((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0)),
  });
}

function pointBirth(point: Point, nowMs: number): Metric {
  return {
    name: point.name,
    alias: point.alias,
    // that it was never read is true now; 1970 is no time for it
    timestamp: point.timeMs > 0 ? point.timeMs : nowMs,
    ...birthValue(point),
    properties: [...qualityProperties(QUALITIES[point.quality] ?? QUALITIES[1]), ...engineering(point)],
  };
}

function engineering({ unit, low, high, record }: Point): readonly Property[] {
  const properties: Property[] = record === undefined ? [] : [...unitsOfColumns(record)];
  if (unit !== undefined) properties.push({ key: "engUnit", type: DataType.String, value: unit });
  if (low !== undefined) properties.push({ key: "engLow", type: DataType.Double, value: low });
  if (high !== undefined) properties.push({ key: "engHigh", type: DataType.Double, value: high });
  return properties;
}

/** @see Sparkplug B 3.0 §6.4.25 DDEATH */
export function deviceDeath(seq: number, nowMs: number): Uint8Array {
  return encodePayload({ timestamp: nowMs, seq, metrics: [] });
}

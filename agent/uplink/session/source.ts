import type { PointValue } from "../../contract/point.ts";
import type { Batch, RecordShape, Roster, RosterPoint, RosterSource } from "../../contract/telemetry.ts";
import { aliasField } from "../sparkplug/data-encoder.ts";
import { CLOCK_STEP_MS } from "./limits.ts";
import { sameType } from "./point-type.ts";

/** One point as the births declare it, with what is known of it now and what hosts were last told. */
export interface Point {
  readonly name: string;
  readonly type: RosterPoint["type"];
  /** what the cells of a record are */
  readonly record: RecordShape | undefined;
  readonly unit: string | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly alias: number;
  readonly aliasField: Uint8Array;
  value: PointValue;
  /** index into `QUALITIES` */
  quality: number;
  timeMs: number;
  /** source time of the value that hosts take for the current one */
  shownMs: number;
  shownQuality: number;
  /** a newer value is known, and went out only as history or not yet */
  behind: boolean;
  /** source time of the newest value said ahead of its sample: the sample itself is history when its turn comes */
  saidMs: number;
}

/** A batch as it came, with the points its indices meant then. */
export interface Values {
  readonly batch: Batch;
  readonly layout: readonly Point[];
}

/** One field device: a Sparkplug device, with the values that no acknowledged mark covers yet. */
export interface Source {
  readonly name: string;
  readonly points: readonly Point[];
  readonly sequenceAlias: Uint8Array;
  readonly trustAlias: Uint8Array;
  /** alias numbers of the two above, for the birth */
  readonly annotations: readonly [sequence: number, trust: number];
  online: boolean;
  born: boolean;
  /** its birth is larger than a packet may be: nothing of it can be published */
  unbearable: boolean;
  shownTrust: string;
  /** some point is behind */
  behind: boolean;
  pending: Values[];
  unacknowledged: Values[];
}

export const lastSequence = ({ batch }: Values): number => batch.first + batch.points.length - 1;

/** Two metrics beside the points: the sequence of a message's first value, the clock trust of its times. */
const ANNOTATIONS = 2;

/** Sources of a roster with aliases from `firstAlias` on, unique over the edge node. */
export function sourcesOf(roster: Roster, firstAlias: number): Source[] {
  let alias = firstAlias;
  return roster.sources.map((source) => {
    const base = alias;
    alias += ANNOTATIONS + source.points.length;
    return sourceOf(source, base);
  });
}

function sourceOf(source: RosterSource, alias: number): Source {
  return {
    name: source.name,
    points: source.points.map((point, i) => pointOf(point, alias + ANNOTATIONS + i)),
    sequenceAlias: aliasField(alias),
    trustAlias: aliasField(alias + 1),
    annotations: [alias, alias + 1],
    online: source.online,
    born: false,
    unbearable: false,
    shownTrust: "",
    behind: false,
    pending: [],
    unacknowledged: [],
  };
}

function pointOf(point: RosterPoint, alias: number): Point {
  return {
    name: point.name,
    type: point.type,
    record: point.type === "record" ? point.record : undefined,
    unit: point.unit,
    low: point.low,
    high: point.high,
    alias,
    aliasField: aliasField(alias),
    value: point.value,
    quality: point.quality,
    timeMs: point.timeMs,
    shownMs: 0,
    shownQuality: 0,
    behind: false,
    saidMs: Number.NEGATIVE_INFINITY,
  };
}

/** Whether births would say the same: names, types, units, ranges; not values, nor who is online. */
export function sameShape(sources: readonly Source[], roster: Roster): boolean {
  return (
    sources.length === roster.sources.length &&
    sources.every((source, i) => {
      const offered = roster.sources[i];
      return (
        offered !== undefined &&
        offered.name === source.name &&
        offered.points.length === source.points.length &&
        source.points.every((point, j) => samePoint(point, offered.points[j]))
      );
    })
  );
}

function samePoint(point: Point, offered: RosterPoint | undefined): boolean {
  return (
    offered !== undefined &&
    point.name === offered.name &&
    sameType(point, offered) &&
    point.unit === offered.unit &&
    point.low === offered.low &&
    point.high === offered.high
  );
}

/** Takes over the newest values and who is online from a roster of the same shape. */
export function refresh(sources: readonly Source[], roster: Roster): void {
  sources.forEach((source, i) => {
    const offered = roster.sources[i];
    if (offered === undefined) return;
    source.online = offered.online;
    source.points.forEach((point, j) => {
      const latest = offered.points[j];
      if (latest === undefined || latest.timeMs < point.timeMs) return;
      if (source.born && (latest.timeMs !== point.timeMs || latest.quality !== point.quality)) {
        point.behind = true;
        source.behind = true;
      }
      point.value = latest.value;
      point.quality = latest.quality;
      point.timeMs = latest.timeMs;
    });
  });
}

/** Its samples wait: whatever is newer than what hosts take for current is to be said ahead of them. */
export function fallBehind(source: Source): void {
  for (const point of source.points) {
    if (point.timeMs <= point.shownMs) continue;
    point.behind = true;
    source.behind = true;
  }
}

/**
 * Remembers the newest value of each point in a batch, for the next birth. What `field` says again after a lost
 * connection is older than its roster and changes nothing, unless the wall clock was set back since.
 */
export function learn(source: Source, batch: Batch, nowMs: number): void {
  const { points, values, qualities, times } = batch;
  for (let i = 0; i < points.length; i++) {
    const point = source.points[points[i] as number];
    const timeMs = times[i] as number;
    if (point === undefined || (timeMs < point.timeMs && point.timeMs <= nowMs + CLOCK_STEP_MS)) continue;
    point.value = values[i] as PointValue;
    point.quality = qualities[i] as number;
    point.timeMs = timeMs;
  }
}

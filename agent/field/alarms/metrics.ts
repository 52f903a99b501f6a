import { isDeepStrictEqual } from "node:util";
import { ALARM_COUNTS } from "../../contract/alarms.ts";
import { qualityCode } from "../../contract/point.ts";
import type { PointType } from "../../contract/point.ts";
import { Source } from "../points/source.ts";
import type { PointKind, SourceParts } from "../points/source.ts";
import type { LiveAlarm } from "./live-alarm.ts";
import { alarmCounts } from "./summary.ts";

const OK = qualityCode("ok");

/** Every alarm's state as a metric of its own, and how many stand; nothing where the configuration has no alarms. */
export class AlarmMetrics {
  readonly #parts: SourceParts;
  #device: string | undefined;
  #names: readonly string[] = [];
  #places: ReadonlyMap<string, number> = new Map();
  #source: Source | undefined;
  #started = false;

  constructor(parts: SourceParts) {
    this.#parts = parts;
  }

  get sources(): readonly Source[] {
    return this.#source === undefined ? [] : [this.#source];
  }

  /** Nothing is sampled from here until {@link start}: nobody knows yet which metric is which. */
  configure(device: string | undefined, alarms: Iterable<LiveAlarm>): void {
    this.#started = false;
    const names = device === undefined ? [] : Array.from(alarms, ({ facts }) => facts.name);
    if (device === this.#device && isDeepStrictEqual(names, this.#names)) return;
    this.#device = device;
    this.#names = names;
    this.#places = new Map(names.map((name, index) => [name, ALARM_COUNTS.length + index]));
    const kinds = [...ALARM_COUNTS.map((name) => kind(name, "uint32")), ...names.map((name) => kind(name, "string"))];
    this.#source = device === undefined ? undefined : new Source("alarms", device, kinds, this.#parts);
  }

  start(alarms: Iterable<LiveAlarm>): void {
    this.#started = true;
    const all = [...alarms];
    this.#source?.turn(true);
    for (const alarm of all) this.show(alarm);
    this.count(alarmCounts(all));
  }

  show({ facts, alarm }: LiveAlarm): void {
    const place = this.#places.get(facts.name);
    if (place !== undefined && this.#started) this.#source?.take(place, alarm.at, OK);
  }

  count(counts: Readonly<Record<(typeof ALARM_COUNTS)[number], number>>): void {
    if (!this.#started) return;
    for (const [place, name] of ALARM_COUNTS.entries()) this.#source?.take(place, counts[name], OK);
  }
}

function kind(name: string, type: PointType): PointKind {
  return { facts: { name, type, output: false }, changed: (before, after) => before !== after, heartbeatMs: 0 };
}

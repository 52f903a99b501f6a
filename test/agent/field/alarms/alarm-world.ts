import type { AlarmRule, AlarmsSnapshot, DerivedSnapshot } from "../../../../agent/config/snapshot/logic.ts";
import { compileExpression } from "../../../../agent/config/expression/index.ts";
import type { Expression } from "../../../../agent/config/snapshot/expression.ts";
import { silentLog } from "../../../../agent/contract/log.ts";
import type { PointValue, QualityReason } from "../../../../agent/contract/point.ts";
import { Alarms } from "../../../../agent/field/alarms/alarms.ts";
import { AlarmEvents } from "../../../../agent/field/alarms/events.ts";
import type { PointFacts } from "../../../../agent/field/points/source.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import type { VirtualClock } from "../../../../simulator/clock.ts";
import { memoryDisk } from "../../../../simulator/disk.ts";
import type { MemoryDisk } from "../../../../simulator/disk.ts";
import { noSink, played } from "../derived/book.ts";
import { field } from "../snapshots.ts";

/** An expression over numbers, but for points called `on`. */
export function expression(text: string): Expression {
  const compiled = compileExpression(text, (ref) => (ref.endsWith("/on") ? "bool" : "number"));
  if ("error" in compiled) throw new Error(`${text}: ${compiled.error.message}`);
  return compiled.expression;
}

/** A rule as the command line compiles it: `well-high`, above 2.5 at `well/level`, unless a test says otherwise. */
export function rule(over: Partial<AlarmRule> = {}): AlarmRule {
  return {
    name: "well-high",
    priority: "high",
    text: { en: "Well level high" },
    condition: { kind: "high", point: "well/level", limit: 2.5, hysteresis: 0.1 },
    onDelayMs: 0,
    offDelayMs: 0,
    acknowledge: true,
    shelveMsMax: 3_600_000,
    ...over,
  };
}

export function alarmsOf(rules: readonly AlarmRule[], over: Partial<AlarmsSnapshot> = {}): AlarmsSnapshot {
  return { device: "alarms", rules, system: {}, ...over };
}

const TYPES: Readonly<Record<string, PointFacts["type"]>> = {
  "well/level": "float64",
  "well/count": "uint64",
  "pump/on": "bool",
  "pump/tag": "string",
};

/** Alarms of a process that has just begun, and has no configuration yet. */
export function bareAlarms(disk: MemoryDisk, clock: VirtualClock): Alarms {
  const { book } = played(TYPES, clock);
  return new Alarms({ clock, disk, sink: noSink, book, events: new AlarmEvents("boot"), log: silentLog });
}

/** Alarms on points that a test sets by hand; nothing of buses. */
export async function alarmWorld(
  rules: readonly AlarmRule[] | undefined,
  options: { readonly disk?: MemoryDisk; readonly clock?: VirtualClock; readonly over?: Partial<AlarmsSnapshot> } = {},
) {
  const clock = options.clock ?? virtualClock();
  const disk = options.disk ?? memoryDisk();
  const points = played(TYPES, clock);
  const events = new AlarmEvents("boot");
  const alarms = new Alarms({ clock, disk, sink: noSink, book: points.book, events, log: silentLog });
  let id = 0;
  const configure = async (next: AlarmsSnapshot | undefined, derived?: DerivedSnapshot): Promise<void> => {
    await alarms.apply(field([], { ...(next && { alarms: next }), ...(derived && { derived }) }));
    alarms.start();
  };
  await configure(rules && alarmsOf(rules, options.over));
  return {
    clock,
    disk,
    alarms,
    configure,
    /** Sets a point and lets two scans pass. */
    async set(ref: string, value: PointValue, reason?: QualityReason): Promise<void> {
      points.set(ref, value, reason);
      await clock.advance(500);
    },
    put: points.set,
    events: () => events.after(-1).map(({ alarm, from, to }) => `${alarm} ${from} ${to}`),
    latest: () => events.after(-1).at(-1),
    shown: (name: string) => alarms.status()?.shown.find((alarm) => alarm.name === name),
    state: (name: string) => alarms.status()?.shown.find((alarm) => alarm.name === name)?.state ?? "normal",
    metric: (name: string) => alarms.sources[0]?.points.find(({ facts }) => facts.name === name)?.value,
    order: (action: "acknowledge" | "shelve" | "unshelve", alarm: string, forMs?: number, reason = "") =>
      alarms.order({
        kind: "alarm",
        id: id++,
        action,
        alarm,
        by: "ann",
        reason,
        ...(forMs === undefined ? {} : { forMs }),
      }),
    /** Another process on the same disk. */
    async restart(again: readonly AlarmRule[] = rules ?? []) {
      await alarms.stop();
      return alarmWorld(again, { disk, clock, ...(options.over && { over: options.over }) });
    },
  };
}

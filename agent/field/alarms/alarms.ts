import { every } from "../../../hal/clock.ts";
import type { Clock, Timer } from "../../../hal/clock.ts";
import type { Disk } from "../../../hal/disk.ts";
import type { FieldSnapshot } from "../../config/snapshot.ts";
import type { AlarmsStatus, SystemAlarm } from "../../contract/alarms.ts";
import type { FieldFacts } from "../../contract/health.ts";
import type { Log } from "../../contract/log.ts";
import type { AlarmOrder, OrderDone } from "../../contract/rooms.ts";
import type { LocalPart } from "../local-sources.ts";
import type { PointBook } from "../points/book.ts";
import type { Sink, Source } from "../points/source.ts";
import { AlarmBoard } from "./board.ts";
import type { AlarmEvents } from "./events.ts";
import { AlarmMemory } from "./memory.ts";
import { AlarmMetrics } from "./metrics.ts";
import { obey } from "./order.ts";
import { restoreAlarm, storedAlarms } from "./restore.ts";
import { RuleSet } from "./rule-set.ts";
import type { StandingAlarm, StandingAlarms } from "./standing.ts";
import { openAlarmStore } from "./stored.ts";
import type { AlarmStore, StoredAlarm } from "./stored.ts";
import { alarmCounts, alarmsStatus, standingAlarms } from "./summary.ts";
import { SystemBoard } from "./system-board.ts";
import type { SystemAlarms } from "./system-alarms.ts";

/** How often conditions are looked at: delays are kept to within this, and what is shorter may pass unseen. */
export const SCAN_MS = 250;
/** After a restart, what the gateway knew of itself has so long to be seen again. */
export const REMEMBER_MS = 300_000;

export interface AlarmsParts {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly sink: Sink;
  readonly book: PointBook;
  readonly events: AlarmEvents;
  readonly log: Log;
}

/** Every alarm of the gateway, with its state. */
export class Alarms implements LocalPart, SystemAlarms, StandingAlarms {
  readonly #clock: Clock;
  readonly #store: AlarmStore;
  readonly #board: AlarmBoard;
  readonly #system: SystemBoard;
  readonly #rules: RuleSet;
  readonly #metrics: AlarmMetrics;
  readonly #memory: AlarmMemory;
  readonly #watchers = new Set<(standing: readonly StandingAlarm[]) => void>();
  #configured = false;
  /** what was stored and no rule has claimed yet; undefined until it was read */
  #stored: Map<string, StoredAlarm> | undefined;
  #moved = false;
  #timers: readonly Timer[] = [];

  constructor({ clock, disk, sink, book, events, log }: AlarmsParts) {
    this.#clock = clock;
    this.#store = openAlarmStore(disk, log);
    this.#metrics = new AlarmMetrics({ clock, sink });
    this.#board = new AlarmBoard(clock, events, {
      moved: (alarm, gone) => {
        this.#moved = true;
        if (!gone) this.#metrics.show(alarm);
      },
      touched: () => {
        // before the memory was read there is more to keep than what is here
        if (this.#stored !== undefined) this.#memory.soon();
      },
    });
    this.#system = new SystemBoard(this.#board);
    this.#rules = new RuleSet(this.#board, book);
    this.#memory = new AlarmMemory(clock, this.#store, () => storedAlarms(this.#board, this.#system), log);
  }

  get sources(): readonly Source[] {
    return this.#metrics.sources;
  }

  async apply({ alarms }: FieldSnapshot): Promise<void> {
    this.#rest();
    this.#stored ??= new Map((await this.#store.read()).map((stored) => [stored.name, stored]));
    this.#configured = alarms !== undefined;
    this.#system.configure(alarms?.system ?? {});
    this.#rules.configure(alarms?.rules ?? []);
    this.#restore(this.#stored);
    this.#metrics.configure(alarms?.device, this.#board.all);
    this.#flush();
  }

  start(): void {
    this.#rest();
    this.#rules.bind(this.#clock.monotonicMs());
    this.#metrics.start(this.#board.all);
    this.#timers = [
      every(this.#clock, SCAN_MS, () => this.#scan()),
      this.#clock.after(REMEMBER_MS, () => {
        this.#system.forget();
        this.#flush();
      }),
    ];
  }

  set(alarm: SystemAlarm, key: string, active: boolean, evidence: string): void {
    this.#system.set(alarm, key, active, evidence);
    this.#flush();
  }

  watch(listener: (standing: readonly StandingAlarm[]) => void): Disposable {
    this.#watchers.add(listener);
    listener(standingAlarms(this.#board.all));
    return { [Symbol.dispose]: () => void this.#watchers.delete(listener) };
  }

  /** Answers once what it did would survive a restart. */
  async order(order: AlarmOrder): Promise<OrderDone> {
    const { id } = order;
    // what is stored is all there is of those that are not restored yet: nothing may take its place
    if (this.#stored === undefined) return { kind: "done", id, refused: NOT_READY };
    const refused = obey(order, this.#board, this.#clock);
    this.#flush();
    if (refused !== undefined) return { kind: "done", id, refused };
    try {
      await this.#memory.now();
      return { kind: "done", id };
    } catch (error) {
      const message = `done, but a restart of field will forget it: ${String(error)}`.slice(0, MESSAGE_CHARS_MAX);
      return { kind: "done", id, refused: { code: "ALARM_NOT_STORED", message } };
    }
  }

  /** Undefined where there is nothing to say: no alarms configured, and none of the gateway's own is other than normal. */
  status(): AlarmsStatus | undefined {
    const status = alarmsStatus(this.#board.all, (name) => this.#rules.unknown(name));
    return this.#configured || status.shown.length > 0 ? status : undefined;
  }

  /** For health; absent where {@link status} is. */
  counts(): Pick<FieldFacts, "alarms"> {
    const counts = alarmCounts(this.#board.all);
    return this.#configured || counts.raised + counts.unacknowledged > 0 ? { alarms: counts } : {};
  }

  async stop(): Promise<void> {
    this.#rest();
    await this.#memory.stop();
  }

  #scan(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#rules.scan(nowMs);
    for (const alarm of this.#board.all)
      if (alarm.shelf !== undefined && alarm.shelf.untilMonotonicMs <= nowMs)
        this.#board.happen(alarm, "unshelve", () => ({ evidence: "the time on the shelf is up" }));
    this.#flush();
  }

  /** Tells once of whatever moved together: a flood is one message to a relay, not thousands. */
  #flush(): void {
    if (!this.#moved) return;
    this.#moved = false;
    this.#metrics.count(alarmCounts(this.#board.all));
    if (this.#watchers.size === 0) return;
    const standing = standingAlarms(this.#board.all);
    for (const watcher of this.#watchers) watcher(standing);
  }

  #restore(stored: Map<string, StoredAlarm>): void {
    for (const alarm of this.#board.all) {
      const before = stored.get(alarm.facts.name);
      if (before === undefined) continue;
      stored.delete(alarm.facts.name);
      // something was said of it before its memory could be read: that is newer
      if (alarm.alarm.at !== "normal") continue;
      restoreAlarm(alarm, before, this.#clock);
      // what waited for its receivers died with the field before this one; who is to act on it must not miss it
      if (before.at === "raised" || before.at === "returned") this.#board.repeat(alarm);
      this.#system.remember(alarm.facts.name, before.keys ?? []);
      this.#moved = true;
    }
    stored.clear();
  }

  #rest(): void {
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers = [];
  }
}

const MESSAGE_CHARS_MAX = 512;
const NOT_READY = {
  code: "ALARMS_NOT_READY",
  message: "field has no configuration yet, or is just taking it: ask again in a moment",
};

import type { Clock } from "../../../hal/clock.ts";
import type { AlarmState } from "../../contract/alarms.ts";
import type { AlarmEvents } from "./events.ts";
import type { LiveAlarm } from "./live-alarm.ts";
import { NORMAL } from "./transition.ts";
import type { AlarmHappening } from "./transition.ts";

/** Longest evidence and name that are kept with an alarm: thousands of them are stored together. */
const EVIDENCE_CHARS_MAX = 200;
const BY_CHARS_MAX = 64;

export interface Noted {
  readonly evidence: string;
  /** who did it; undefined where the plant did */
  readonly by?: string;
}

/** Hears of every alarm that changed. */
export interface BoardListener {
  /** its state is another. @param gone there is no such alarm any more */
  moved(alarm: LiveAlarm, gone: boolean): void;
  /** something of it is another that has to survive a restart */
  touched(): void;
}

/** Every alarm there is, by name; whatever happens to one happens here, and is told of. */
export class AlarmBoard {
  readonly #alarms = new Map<string, LiveAlarm>();
  readonly #clock: Clock;
  readonly #events: AlarmEvents;
  readonly #listener: BoardListener;

  constructor(clock: Clock, events: AlarmEvents, listener: BoardListener) {
    this.#clock = clock;
    this.#events = events;
    this.#listener = listener;
  }

  get all(): Iterable<LiveAlarm> {
    return this.#alarms.values();
  }

  get size(): number {
    return this.#alarms.size;
  }

  find(name: string): LiveAlarm | undefined {
    return this.#alarms.get(name);
  }

  put(alarm: LiveAlarm): void {
    this.#alarms.set(alarm.facts.name, alarm);
  }

  /** It is not configured any more: whoever heard of it hears that it is over. */
  remove(alarm: LiveAlarm, evidence: string): void {
    this.#alarms.delete(alarm.facts.name);
    const from = alarm.alarm.at;
    if (from === "normal") return;
    alarm.alarm = NORMAL;
    this.#note(alarm, from, { evidence });
    this.#listener.moved(alarm, true);
  }

  /** Somebody decided anew about an alarm that stays where it is. */
  renew(alarm: LiveAlarm, noted: Noted): void {
    this.#note(alarm, alarm.alarm.at, noted);
    this.#listener.touched();
  }

  /** @param noted what was seen, by whom; reckoned only where it is wanted. @returns whether anything came of it */
  happen(alarm: LiveAlarm, happening: AlarmHappening, noted: () => Noted): boolean {
    const from = alarm.alarm.at;
    const stepped = alarm.happen(happening);
    const anew = happening === "again" && alarm.alarm.at === "raised";
    if (!stepped && !anew) return false;
    if (alarm.alarm.at !== from || anew) {
      if (alarm.alarm.at === "raised") alarm.raisedCount++;
      if (alarm.alarm.at !== "shelved") alarm.shelf = undefined;
      this.#note(alarm, from, noted());
      this.#listener.moved(alarm, false);
    }
    this.#listener.touched();
    return true;
  }

  /** Says where it is, and since when, to whoever may not have heard it. */
  repeat(alarm: LiveAlarm): void {
    this.#tell(alarm, alarm.alarm.at);
  }

  #note(alarm: LiveAlarm, from: AlarmState, { evidence, by }: Noted): void {
    alarm.sinceMs = this.#clock.wall().unixMs;
    alarm.evidence = cut(evidence, EVIDENCE_CHARS_MAX);
    alarm.by = by === undefined ? undefined : cut(by, BY_CHARS_MAX);
    this.#tell(alarm, from);
  }

  #tell(alarm: LiveAlarm, from: AlarmState): void {
    const { name, priority, text } = alarm.facts;
    this.#events.add({
      alarm: name,
      priority,
      from,
      to: alarm.alarm.at,
      text,
      evidence: alarm.evidence,
      ...(alarm.by === undefined ? {} : { by: alarm.by }),
      timeMs: alarm.sinceMs,
      trust: this.#clock.wall().trust,
    });
  }
}

function cut(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1).toWellFormed()}…`;
}

import { SYSTEM_ALARMS } from "../../contract/alarms.ts";
import type { SystemAlarm } from "../../contract/alarms.ts";
import type { AlarmPriority } from "../../config/snapshot/logic.ts";
import type { AlarmBoard } from "./board.ts";
import { LiveAlarm } from "./live-alarm.ts";
import { SYSTEM_TEXTS } from "./system-texts.ts";

/** Things one alarm stands for at a time: as many as a gateway has outputs, so that none is over while another is not. */
export const SYSTEM_KEYS_MAX = 512;
const KEY_CHARS_MAX = 128;
/** As long as the rules' own default. */
const SHELVE_MS_MAX = 8 * 3_600_000;

/** The alarms of the gateway itself, each raised by whichever of its keys. */
export class SystemBoard {
  readonly #board: AlarmBoard;
  /** of each alarm, turned off or not: what is the case, and whether anybody has said so since the start */
  readonly #keys = new Map<string, Map<string, "said" | "remembered">>();

  constructor(board: AlarmBoard) {
    this.#board = board;
    this.configure({});
  }

  /** @param settings another priority than its own, or `off` */
  configure(settings: Readonly<Record<string, AlarmPriority | "off">>): void {
    for (const name of Object.keys(SYSTEM_ALARMS) as SystemAlarm[]) {
      const priority = settings[name] ?? SYSTEM_ALARMS[name];
      const there = this.#board.find(name);
      if (priority === "off") {
        if (there !== undefined) this.#board.remove(there, "turned off in the configuration");
        continue;
      }
      const facts = { name, priority, text: SYSTEM_TEXTS[name], acknowledge: true, shelveMsMax: SHELVE_MS_MAX };
      if (there === undefined) this.#turnOn(new LiveAlarm(facts), name);
      else there.facts = facts;
    }
  }

  /** What came to be the case while it was off is news now. */
  #turnOn(alarm: LiveAlarm, name: string): void {
    this.#board.put(alarm);
    const keys = this.keysOf(name);
    if (keys.length > 0)
      this.#board.happen(alarm, "raise", () => ({ evidence: `${keys.join(", ")}: since it was off` }));
  }

  set(name: SystemAlarm, offeredKey: string, active: boolean, evidence: string): void {
    const alarm = this.#board.find(name);
    const key = offeredKey.slice(0, KEY_CHARS_MAX);
    const keys = this.#keysOf(name);
    const noted = () => ({ evidence });
    if (active) {
      const known = keys.has(key);
      if (!known && keys.size >= SYSTEM_KEYS_MAX) return;
      keys.set(key, "said");
      if (!known && alarm !== undefined) this.#board.happen(alarm, keys.size === 1 ? "raise" : "again", noted);
    } else if (keys.delete(key) && keys.size === 0 && alarm !== undefined) this.#board.happen(alarm, "return", noted);
  }

  /** What was the case before a restart: heard again, it is nothing new. */
  remember(name: string, keys: readonly string[]): void {
    const mine = this.#keysOf(name);
    for (const key of keys.slice(0, SYSTEM_KEYS_MAX)) if (!mine.has(key)) mine.set(key, "remembered");
  }

  /** Nobody has said it again in all the time since the restart: it is over. */
  forget(): void {
    for (const [name, keys] of this.#keys) {
      for (const [key, how] of keys) if (how === "remembered") keys.delete(key);
      const alarm = this.#board.find(name);
      if (keys.size > 0 || alarm === undefined || !alarm.active) continue;
      this.#board.happen(alarm, "return", () => ({ evidence: "not seen again since the gateway restarted" }));
    }
  }

  keysOf(name: string): readonly string[] {
    return [...(this.#keys.get(name)?.keys() ?? [])];
  }

  #keysOf(name: string): Map<string, "said" | "remembered"> {
    const there = this.#keys.get(name) ?? new Map<string, "said" | "remembered">();
    this.#keys.set(name, there);
    return there;
  }
}

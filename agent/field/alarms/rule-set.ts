import { isDeepStrictEqual } from "node:util";
import type { AlarmRule } from "../../config/snapshot/logic.ts";
import type { PointBook } from "../points/book.ts";
import type { AlarmBoard } from "./board.ts";
import { LiveAlarm } from "./live-alarm.ts";
import { RuleWatch } from "./rule-watch.ts";

/** The alarms that the configuration declares. One whose rule stays, or only changes, keeps its state. */
export class RuleSet {
  readonly #board: AlarmBoard;
  readonly #book: PointBook;
  #rules: readonly AlarmRule[] = [];
  #watches = new Map<string, RuleWatch>();

  constructor(board: AlarmBoard, book: PointBook) {
    this.#board = board;
    this.#book = book;
  }

  configure(rules: readonly AlarmRule[]): void {
    const names = new Set(rules.map(({ name }) => name));
    for (const { name } of this.#rules) {
      const gone = names.has(name) ? undefined : this.#board.find(name);
      if (gone !== undefined) this.#board.remove(gone, "not configured any more");
    }
    for (const { name, priority, text, acknowledge, shelveMsMax } of rules) {
      const facts = { name, priority, text, acknowledge, shelveMsMax };
      const there = this.#board.find(name);
      if (there === undefined) this.#board.put(new LiveAlarm(facts));
      else there.facts = facts;
    }
    this.#rules = rules;
  }

  /** The points are laid: watches whose rule and points stayed go on, with their delays and windows. */
  bind(nowMs: number): void {
    const before = this.#watches;
    this.#watches = new Map();
    for (const rule of this.#rules) {
      const there = before.get(rule.name);
      const alarm = this.#board.find(rule.name);
      if (alarm === undefined) continue;
      const stays = there !== undefined && isDeepStrictEqual(there.rule, rule) && there.stillOn(this.#book);
      this.#watches.set(rule.name, stays ? there : new RuleWatch(rule, alarm, this.#board, this.#book, nowMs));
    }
  }

  scan(nowMs: number): void {
    for (const watch of this.#watches.values()) watch.scan(nowMs);
  }

  /** Why an alarm cannot be judged now; undefined where it can. */
  unknown(name: string): string | undefined {
    return this.#watches.get(name)?.unknown();
  }
}

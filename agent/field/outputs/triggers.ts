import type { PlanTrigger } from "../../config/snapshot/outputs.ts";
import { qualityCode } from "../../contract/point.ts";
import { evaluator, holds } from "../derived/evaluator.ts";
import type { Evaluated } from "../derived/evaluator.ts";
import type { PointBook } from "../points/book.ts";
import type { FirstReadings } from "./first-readings.ts";

interface Watched {
  readonly trigger: PlanTrigger;
  readonly look: () => Evaluated;
  /** monotonic, since when it has been good and true; undefined while it is not */
  sinceMs: number | undefined;
  /** something of it was not read yet: neither true nor over */
  unread: boolean;
}

/** A trigger that began and is not over. */
export interface HoldingTrigger {
  readonly trigger: PlanTrigger;
  /** it is not known yet whether it still holds */
  readonly unread: boolean;
}

export interface TriggerChange {
  readonly name: string;
  readonly change: "began" | "ended";
}

/**
 * The declared triggers. One begins once it has been good and true for its time, and has ended only when it is good and
 * false: a sensor that dies neither starts the plan nor says that the danger is over. What reads a point that nobody has
 * read yet is neither: `not good([well/level])` says that the sensor is dead, not that field has just started.
 */
export class Triggers {
  #watched: readonly Watched[] = [];
  #readings: FirstReadings | undefined;
  readonly #active = new Set<string>();

  /** @param active those that had begun and not ended when `field` stopped */
  constructor(active: Iterable<string> = []) {
    for (const name of active) this.#active.add(name);
  }

  /** Other declarations; one of the same words goes on counting. */
  declare(triggers: readonly PlanTrigger[], book: PointBook, readings: FirstReadings, nowMs: number): void {
    this.#readings = readings;
    const before = new Map(this.#watched.map((one) => [JSON.stringify(one.trigger), one.sinceMs]));
    this.#watched = triggers.map((trigger) => ({
      trigger,
      look: evaluator(trigger.when, book),
      sinceMs: before.get(JSON.stringify(trigger)),
      unread: !readings.areIn(trigger.when.points, nowMs),
    }));
  }

  /** What began and ended since the last look. */
  look(nowMs: number): readonly TriggerChange[] {
    const changes: TriggerChange[] = [];
    for (const one of this.#watched) {
      const { name, forMs, when } = one.trigger;
      one.unread = this.#readings?.areIn(when.points, nowMs) !== true;
      const now = one.unread ? UNREAD : one.look();
      one.sinceMs = holds(now) ? (one.sinceMs ?? nowMs) : undefined;
      if (one.sinceMs !== undefined && nowMs - one.sinceMs >= forMs && !this.#active.has(name)) {
        this.#active.add(name);
        changes.push({ name, change: "began" });
      } else if (now.value === false && this.#active.delete(name)) changes.push({ name, change: "ended" });
    }
    for (const name of this.#active) {
      if (this.#watched.some(({ trigger }) => trigger.name === name)) continue;
      this.#active.delete(name);
      changes.push({ name, change: "ended" });
    }
    return changes;
  }

  /** A person released what was planned: one that is not good and true now begins anew where it becomes so. */
  released(): void {
    for (const { trigger, sinceMs } of this.#watched) if (sinceMs === undefined) this.#active.delete(trigger.name);
  }

  /** Declared triggers that began and hold, as far as is known: what they protect from is there. */
  get holding(): readonly HoldingTrigger[] {
    return this.#watched.flatMap(({ trigger, sinceMs, unread }) =>
      (sinceMs !== undefined || unread) && this.#active.has(trigger.name) ? { trigger, unread } : [],
    );
  }
}

const UNREAD: Evaluated = { value: null, quality: qualityCode("never-read") };

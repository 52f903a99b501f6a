import type { Clock } from "../../../hal/clock.ts";
import type { PointRef } from "../../config/snapshot/expression.ts";
import { PLAN_CAUSES } from "../../config/snapshot/outputs.ts";
import type { PlanSnapshot } from "../../config/snapshot/outputs.ts";
import type { FieldSnapshot } from "../../config/snapshot.ts";
import type { PointBook } from "../points/book.ts";
import { ContactWatch } from "./contact-watch.ts";
import type { DeclaredOutput } from "./declared.ts";
import type { OutputsEvent, OutputsState } from "./state.ts";
import { FirstReadings } from "./first-readings.ts";
import { Triggers } from "./triggers.ts";
import type { HoldingTrigger } from "./triggers.ts";

const OWN_CAUSES: ReadonlySet<string> = new Set(PLAN_CAUSES);

/** What makes the plan due without anybody's word: declared triggers, and a lost uplink. */
export class PlanWatch {
  readonly #clock: Clock;
  readonly #contact: ContactWatch;
  #triggers = new Triggers();
  #plan: PlanSnapshot | undefined;
  /** outputs that have a step */
  #planned: readonly PointRef[] = [];
  /** how long each of those waits for a lost uplink, milliseconds */
  #patience: ReadonlyMap<PointRef, number> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#contact = new ContactWatch(clock.monotonicMs());
  }

  /** Another configuration; a trigger of the same words goes on counting. */
  declare(
    { plan, derived }: Pick<FieldSnapshot, "plan" | "derived">,
    planned: readonly PointRef[],
    outputs: ReadonlyMap<PointRef, DeclaredOutput>,
    book: PointBook,
  ): void {
    this.#plan = plan;
    this.#planned = planned;
    this.#patience = new Map(
      planned.flatMap((ref) => {
        const patienceMs = outputs.get(ref)?.output.guard?.uplinkLostPlanMs;
        return patienceMs === undefined ? [] : [[ref, patienceMs] as const];
      }),
    );
    const nowMs = this.#clock.monotonicMs();
    this.#triggers.declare(plan?.triggers ?? [], book, new FirstReadings(book, derived, nowMs), nowMs);
  }

  /** What had begun and was not over when `field` stopped. */
  resume({ planned }: OutputsState): void {
    const causes = Object.values(planned).flatMap((one) => one.causes);
    this.#triggers = new Triggers(causes.filter((cause) => !OWN_CAUSES.has(cause)));
  }

  /** A person released what was planned. */
  released(): void {
    this.#triggers.released();
  }

  get bumpless(): boolean {
    return this.#plan?.bumpless ?? false;
  }

  get hasTriggers(): boolean {
    return (this.#plan?.triggers.length ?? 0) > 0;
  }

  /** Declared triggers that began and hold, as far as is known. */
  get holding(): readonly HoldingTrigger[] {
    return this.#triggers.holding;
  }

  /** Whether a broker takes telemetry now. */
  contact(online: boolean): readonly OutputsEvent[] {
    const again = this.#contact.contact(online, this.#clock.monotonicMs());
    return again ? [this.#over("uplink-lost")] : [];
  }

  /** What became due or is over since the last look. */
  look(): readonly OutputsEvent[] {
    const nowMs = this.#clock.monotonicMs();
    const events = this.#triggers
      .look(nowMs)
      .map(({ name, change }) => (change === "began" ? this.#due(name, this.#planned) : this.#over(name)));
    const lost = this.#contact.overdue(this.#patience, nowMs);
    return lost.length === 0 ? events : [...events, this.#due("uplink-lost", lost)];
  }

  #due(cause: string, outputs: readonly PointRef[]): OutputsEvent {
    return { kind: "due", cause, sinceMs: this.#clock.wall().unixMs, outputs, again: false };
  }

  #over(cause: string): OutputsEvent {
    return { kind: "over", cause, bumpless: this.bumpless };
  }
}

import type { PollPlan } from "../points/plan.ts";
import type { PolledDevice } from "./polled-device.ts";

/** One request repeated for ever. Due times are its phase plus multiples of its period: it never drifts. */
export class Poll {
  readonly device: PolledDevice;
  readonly plan: PollPlan;
  readonly #phaseMs: number;
  #cycle = 0;
  /** place in the queue, -1 while its device is left alone */
  place = -1;
  /** overdue because its device or bus was away, not because the bus is full */
  excused = false;
  /** not silence was what it got when it was last asked */
  answered = true;

  constructor(device: PolledDevice, plan: PollPlan, phaseMs: number) {
    this.device = device;
    this.plan = plan;
    this.#phaseMs = phaseMs;
  }

  get dueMs(): number {
    return this.#phaseMs + this.#cycle * this.plan.periodMs;
  }

  /** Whether starting now is more than one of its periods late. */
  isLate(nowMs: number): boolean {
    return !this.excused && nowMs - this.dueMs > this.plan.periodMs;
  }

  /** The next due time; cycles that went by entirely are skipped, the phase stays. */
  advance(nowMs: number): void {
    this.#cycle++;
    this.excused = false;
    if (nowMs - this.dueMs > this.plan.periodMs) this.skipTo(nowMs);
  }

  /**
   * Its device or bus is back: what became due meanwhile is due once, and so is what only went stale.
   * @param anew false: it went stale by its own fault, and waits for its time
   */
  comeBack(nowMs: number, anew: boolean): void {
    this.skipTo(nowMs);
    if (anew && this.excused && this.dueMs > nowMs && this.device.source.isStale(this.plan)) this.#cycle--;
  }

  /** The latest due time that is not in the future, or the next one where that was already asked. */
  skipTo(nowMs: number): void {
    this.#cycle = Math.max(this.#cycle, Math.floor((nowMs - this.#phaseMs) / this.plan.periodMs));
  }
}

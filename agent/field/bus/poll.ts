import type { PollPlan } from "../../config/requests/plan.ts";
import type { PolledDevice } from "./polled-device.ts";
import type { Outcome } from "./request.ts";

/** "Acknowledge" and "server device busy": ask again later. @see Modbus application protocol V1.1b3 §7 */
const BUSY: ReadonlySet<number> = new Set([5, 6]);

/** One request repeated for ever. Due times are its phase plus multiples of its period: it never drifts. */
export class Poll {
  readonly device: PolledDevice;
  readonly plan: PollPlan;
  readonly #phaseMs: number;
  #cycle = 0;
  #askedMs = Number.NEGATIVE_INFINITY;
  /** put off until then, because the device was busy */
  #againMs: number | undefined;
  #putOff = 0;
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
    const dueMs = this.#phaseMs + this.#cycle * this.plan.periodMs;
    return this.#againMs === undefined ? dueMs : Math.min(this.#againMs, dueMs);
  }

  /** Whether starting now is more than one of its periods late. */
  isLate(nowMs: number): boolean {
    return !this.excused && nowMs - this.dueMs > this.plan.periodMs;
  }

  /** The next due time; cycles that went by entirely are skipped, the phase stays. */
  advance(nowMs: number): void {
    const dueMs = this.#phaseMs + this.#cycle * this.plan.periodMs;
    const again = this.#againMs !== undefined && this.#againMs < dueMs;
    this.#againMs = undefined;
    this.excused = false;
    // that was the cycle before once more
    if (again) return;
    this.#cycle++;
    // what reading clears is not asked twice in one period, however late the first time was
    if (this.plan.clearOnRead) this.#cycle = Math.max(this.#cycle, this.#cycleAt(this.#askedMs) + 1);
    else if (nowMs - this.dueMs > this.plan.periodMs) this.skipTo(nowMs);
  }

  asked(nowMs: number): void {
    this.#askedMs = nowMs;
  }

  /** True: the device is busy and is asked again soon; nobody needs to hear of it yet. */
  putOff(outcome: Outcome, nowMs: number): boolean {
    const { busy } = this.device.snapshot;
    const isBusy = outcome.kind === "exception" && BUSY.has(outcome.code);
    if (!isBusy || busy === undefined || this.plan.clearOnRead || this.#putOff >= busy.retries) {
      this.#putOff = 0;
      return false;
    }
    this.#putOff++;
    this.#againMs = nowMs + busy.retryMs;
    return true;
  }

  /**
   * Its device or bus is back: what became due meanwhile is due once, and so is what only went stale.
   * @param anew false: it went stale by its own fault, and waits for its time
   */
  comeBack(nowMs: number, anew: boolean): void {
    this.skipTo(nowMs);
    if (this.plan.clearOnRead) return;
    if (anew && this.excused && this.dueMs > nowMs && this.device.source.isStale(this.plan)) this.#cycle--;
  }

  /** The latest due time that is not in the future, or the next one where that was already asked. */
  skipTo(nowMs: number): void {
    this.#againMs = undefined;
    this.#cycle = Math.max(this.#cycle, this.#cycleAt(nowMs));
  }

  /** Whose due time is the latest that is not after this. */
  #cycleAt(atMs: number): number {
    return Math.floor((atMs - this.#phaseMs) / this.plan.periodMs);
  }
}

import { replyBytes } from "../../config/requests/plan.ts";
import type { BusDevice } from "./bus-device.ts";
import type { Poll } from "./poll.ts";
import type { PollQueue } from "./poll-queue.ts";
import type { SilenceBudget } from "./silence-budget.ts";

/**
 * Devices that left their last request unanswered. Their polls are out of the queue; each is asked again one request at
 * a time, when the bus has time to give away or the budget pays for another silence.
 */
export class QuietDevices {
  readonly #devices = new Set<BusDevice>();
  readonly #queue: PollQueue;
  readonly #budget: SilenceBudget;

  constructor(queue: PollQueue, budget: SilenceBudget) {
    this.#queue = queue;
    this.#budget = budget;
  }

  add(device: BusDevice): void {
    this.#devices.add(device);
    for (const poll of device.polls) {
      poll.excused = true;
      this.#queue.remove(poll);
    }
  }

  /** It answers again: what became due or stale meanwhile is asked at once, in its old phase. */
  release(device: BusDevice, nowMs: number, wasDead: boolean): void {
    if (!this.#devices.delete(device)) return;
    for (const poll of device.polls) {
      // what alone goes unanswered again and again must not be asked more often than it would be otherwise
      poll.comeBack(nowMs, wasDead || poll.answered);
      this.#queue.add(poll);
    }
  }

  /** What to ask a quiet device now, if anything. */
  due(nowMs: number): Poll | undefined {
    let chosen: BusDevice | undefined;
    for (const device of this.#devices) {
      if (this.#askAtMs(device) > nowMs || this.#harmlessMs(device, nowMs, nowMs) > nowMs) continue;
      if (chosen === undefined || this.#isBefore(device, chosen)) chosen = device;
    }
    return chosen === undefined ? undefined : probeOf(chosen);
  }

  /** Those that may still be alive first, then whoever has waited longest. */
  #isBefore(one: BusDevice, other: BusDevice): boolean {
    if (one.health.dead !== other.health.dead) return other.health.dead;
    return this.#askAtMs(one) < this.#askAtMs(other);
  }

  /** When to look again: no device will be asked before, unless the queue changes. */
  nextMs(nowMs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const device of this.#devices) {
      next = Math.min(next, this.#harmlessMs(device, Math.max(this.#askAtMs(device), nowMs), nowMs));
    }
    return next;
  }

  /** From when on, `fromMs` at the earliest, asking this device harms no other: nobody is due meanwhile, or it is paid for. */
  #harmlessMs(device: BusDevice, fromMs: number, nowMs: number): number {
    if (device.health.unlucky) return fromMs;
    const costMs = device.snapshot.timeoutMs;
    const othersMs = this.#queue.first?.dueMs ?? Number.POSITIVE_INFINITY;
    if (othersMs - fromMs > costMs) return fromMs;
    return Math.max(fromMs, nowMs + this.#budget.affordableInMs(costMs, nowMs));
  }

  /** Not before late answers have gone by, a dead device's pause is over, or what it missed is due again. */
  #askAtMs(device: BusDevice): number {
    const probe = probeOf(device);
    const due = device.health.dead && probe.plan.clearOnRead === undefined ? 0 : probe.dueMs;
    return Math.max(device.health.askAtMs, due);
  }
}

/**
 * A dead device is asked its cheapest question; one that missed a single answer, what is due first. What reading clears
 * is no question to knock with: where a device has nothing else, it is knocked at no more often than that is due.
 */
function probeOf(device: BusDevice): Poll {
  let best = device.polls[0] as Poll;
  for (const poll of device.polls) {
    const clearing = best.plan.clearOnRead === true;
    if (device.health.dead && (poll.plan.clearOnRead === true) !== clearing) {
      if (clearing) best = poll;
      continue;
    }
    const better = device.health.dead
      ? replyBytes(poll.plan.request) < replyBytes(best.plan.request)
      : poll.dueMs < best.dueMs;
    if (better) best = poll;
  }
  return best;
}

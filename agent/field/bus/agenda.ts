import type { BusDevice } from "./bus-device.ts";
import type { Poll } from "./poll.ts";
import type { ForemostPlace } from "./foremost.ts";
import { PollQueue } from "./poll-queue.ts";
import { QuietDevices } from "./quiet-devices.ts";
import { isSilence } from "./request.ts";
import type { Outcome, Request } from "./request.ts";
import { SilenceBudget } from "./silence-budget.ts";
import { UrgentQueue } from "./urgent-queue.ts";
import type { Urgent } from "./urgent-queue.ts";

/** What is to be asked next, and for whom. */
export interface Turn {
  readonly request: Request;
  readonly timeoutMs: number;
  readonly gapMs: number;
  readonly poll: Poll | undefined;
  readonly urgent: Urgent | undefined;
}

/** Everything that waits to be asked on one bus, in the order in which it gets its turn. */
export class Agenda {
  readonly #devices: ReadonlyMap<number, BusDevice>;
  readonly #queue = new PollQueue();
  readonly #urgent = new UrgentQueue();
  readonly #budget: SilenceBudget;
  readonly #quiet: QuietDevices;
  readonly #place: ForemostPlace;
  /** something waits that would still be waiting for its answer when the foremost is due */
  #heldBack = false;

  constructor(devices: readonly BusDevice[], nowMs: number, place: ForemostPlace) {
    this.#place = place;
    this.#devices = new Map(devices.map((device) => [device.snapshot.unit, device]));
    this.#budget = new SilenceBudget(Math.max(0, ...devices.map(({ snapshot }) => snapshot.timeoutMs)), nowMs);
    this.#quiet = new QuietDevices(this.#queue, this.#budget);
    for (const device of devices) for (const poll of device.polls) this.#queue.add(poll);
  }

  /** False: too much waits already. */
  submit(urgent: Urgent, nowMs: number): boolean {
    return this.#urgent.add(urgent, nowMs);
  }

  /** Takes back what is not sent yet. True: it never will be, and its `done` is not called. */
  withdraw(request: Request): boolean {
    return this.#urgent.withdraw(request);
  }

  /** Ends the waiting of every urgent request. */
  failWaiting(outcome: Outcome): void {
    this.#urgent.expire(Number.POSITIVE_INFINITY, outcome);
  }

  /** The bus was away: what became due meanwhile is asked once, in its old phase. */
  resume(nowMs: number): void {
    for (const device of this.#devices.values()) {
      for (const poll of device.polls) {
        poll.excused = true;
        poll.comeBack(nowMs, poll.answered);
        this.#queue.moved(poll);
      }
    }
  }

  /**
   * What is foremost, and nothing that would hold it up; else urgent before quiet devices, which are rare by
   * construction, before polls by due time. It stays until it is {@link take}n.
   */
  next(nowMs: number): Turn | undefined {
    this.#urgent.expire(nowMs, { kind: "busy" });
    this.#heldBack = false;
    const { foremost } = this.#place;
    if (foremost === undefined) return this.#nextOfAll(nowMs);
    const first = foremost.due(nowMs, this.#notBeforeMs);
    if (first !== undefined) return urgentTurn(first);
    const turn = this.#nextOfAll(nowMs);
    if (turn === undefined || nowMs + turn.timeoutMs < foremost.reservedMs(nowMs, this.#notBeforeMs)) return turn;
    this.#heldBack = true;
    return undefined;
  }

  #nextOfAll(nowMs: number): Turn | undefined {
    const urgent = this.#urgent.due(nowMs, this.#notBeforeMs);
    if (urgent !== undefined) return urgentTurn(urgent);
    const first = this.#queue.first;
    const poll = this.#quiet.due(nowMs) ?? (first !== undefined && first.dueMs <= nowMs ? first : undefined);
    if (poll === undefined) return undefined;
    const { timeoutMs, requestGapMs: gapMs } = poll.device.snapshot;
    return { request: poll.plan.request, timeoutMs, gapMs, poll, urgent };
  }

  /** When {@link next} has something new to say; infinity where only a submission changes that. */
  nextMs(nowMs: number): number {
    const foremostMs = this.#place.foremost?.nextMs(nowMs, this.#notBeforeMs) ?? Number.POSITIVE_INFINITY;
    if (this.#heldBack) return foremostMs;
    const due = this.#queue.first?.dueMs ?? Number.POSITIVE_INFINITY;
    return Math.min(foremostMs, due, this.#quiet.nextMs(nowMs), this.#urgent.nextMs(this.#notBeforeMs));
  }

  take({ urgent, poll }: Turn, nowMs: number): void {
    poll?.asked(nowMs);
    if (urgent !== undefined) this.#urgent.remove(urgent);
  }

  /** The turn is over: its poll waits for its next due time. */
  taken({ poll }: Turn, nowMs: number): void {
    if (poll === undefined) return;
    poll.advance(nowMs);
    this.#queue.moved(poll);
  }

  /** True: what was asked is asked again soon, because the device was busy. */
  putOff(poll: Poll, outcome: Outcome, nowMs: number): boolean {
    if (!poll.putOff(outcome, nowMs)) return false;
    this.#queue.moved(poll);
    return true;
  }

  /** The device that answers to a unit id, if the configuration knows one. */
  device(unit: number): BusDevice | undefined {
    return this.#devices.get(unit);
  }

  /** What a turn says about a device. A corrupt answer is an answer as far as bus time goes: only silence is rationed. */
  judge(device: BusDevice, outcome: Outcome, tookMs: number, nowMs: number, jitter: number): void {
    if (outcome.kind === "exception") device.health.exceptions++;
    if (isSilence(outcome)) {
      device.health.timedOut(nowMs, jitter);
      if (!device.health.unlucky) this.#budget.spend(tookMs, nowMs);
      this.#quiet.add(device);
      return;
    }
    const wasDead = device.health.dead;
    if (outcome.kind === "damaged") device.health.heard();
    else device.health.answered(tookMs);
    this.#quiet.release(device, nowMs, wasDead);
  }

  /** The line went away while this unit was being asked. */
  interrupted(unit: number, nowMs: number): void {
    const device = this.#devices.get(unit);
    if (device?.health.interrupted(nowMs) === true) this.#quiet.add(device);
  }

  /** Whether this unit left a request unanswered. */
  owes(unit: number): boolean {
    return (this.#devices.get(unit)?.health.silent ?? 0) > 0;
  }

  readonly #notBeforeMs = (unit: number): number => this.#devices.get(unit)?.health.lateUntilMs ?? 0;
}

function urgentTurn(urgent: Urgent): Turn {
  const { request, timeoutMs, gapMs } = urgent;
  return { request, timeoutMs, gapMs, poll: undefined, urgent };
}

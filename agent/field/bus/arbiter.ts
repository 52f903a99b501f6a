import type { Clock, Timer } from "../../../hal/clock.ts";
import type { Entropy } from "../../../hal/entropy.ts";
import type { BusSnapshot } from "../../config/snapshot.ts";
import type { BusDevice } from "./bus-device.ts";
import { BusyMeter } from "./busy-meter.ts";
import { Codec } from "./codec.ts";
import type { Counters } from "./counters.ts";
import { expectationOf } from "./expectation.ts";
import type { Link, LinkListener } from "./link.ts";
import type { Poll } from "./poll.ts";
import { PollQueue } from "./poll-queue.ts";
import { QuietDevices } from "./quiet-devices.ts";
import { isSilence, isWrite } from "./request.ts";
import type { Outcome, Request } from "./request.ts";
import { SilenceBudget } from "./silence-budget.ts";
import { UrgentQueue } from "./urgent-queue.ts";
import type { Urgent } from "./urgent-queue.ts";

const BROADCAST_UNIT = 0;
/** Somebody else talks without a pause for so long: nothing can be asked, and that is worth saying. */
const OCCUPIED_MS_MAX = 2_000;

/** An alarm a rounding error before its time must not be set for no time at all, again and again. */
const ALARM_MS_MIN = 0.001;

/** What an arbiter tells the bus it works for. Only outcomes of polls; an urgent request has its own listener. */
export interface ArbiterListener {
  polled(poll: Poll, outcome: Outcome, replyMs: number): void;
  /** The line has not been silent long enough to send anything for {@link OCCUPIED_MS_MAX}. */
  occupied(): void;
  /** Something was thrown where nothing may be: the bus starts over. */
  crashed(error: unknown): void;
}

interface Transaction {
  readonly poll: Poll | undefined;
  readonly urgent: Urgent | undefined;
  readonly request: Request;
  readonly timeoutMs: number;
  readonly startedMs: number;
}

/**
 * Decides, alone, when bytes go out on one line or socket and what they are. One request is outstanding at a time;
 * urgent ones overtake polls, polls go by due time, devices that do not answer wait until nobody is harmed by asking.
 */
export class Arbiter implements LinkListener {
  readonly codec = new Codec();
  readonly busy = new BusyMeter();
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  readonly #snapshot: BusSnapshot;
  readonly #counters: Counters;
  readonly #listener: ArbiterListener;
  readonly #devices: ReadonlyMap<number, BusDevice>;
  readonly #queue = new PollQueue();
  readonly #urgent = new UrgentQueue();
  readonly #budget: SilenceBudget;
  readonly #quiet: QuietDevices;
  readonly #lost: (code: string, message: string) => void;
  #link: Link | undefined;
  #current: Transaction | undefined;
  #timer: Timer | undefined;
  #turnaroundUntilMs = 0;
  /** since when a request is held back by a line that does not fall silent */
  #heldSinceMs: number | undefined;

  constructor(
    parts: { readonly clock: Clock; readonly entropy: Entropy; readonly counters: Counters },
    snapshot: BusSnapshot,
    devices: readonly BusDevice[],
    listener: ArbiterListener,
    lost: (code: string, message: string) => void,
  ) {
    this.#clock = parts.clock;
    this.#entropy = parts.entropy;
    this.#counters = parts.counters;
    this.#snapshot = snapshot;
    this.#listener = listener;
    this.#lost = lost;
    this.#devices = new Map(devices.map((device) => [device.snapshot.unit, device]));
    const waitMs = Math.max(...devices.map(({ snapshot: { timeoutMs } }) => timeoutMs));
    this.#budget = new SilenceBudget(waitMs, parts.clock.monotonicMs());
    this.#quiet = new QuietDevices(this.#queue, this.#budget);
    for (const device of devices) for (const poll of device.polls) this.#queue.add(poll);
  }

  /** Takes over an open line or socket. Whatever became due without it is asked once, in its old phase. */
  open(link: Link): void {
    const nowMs = this.#clock.monotonicMs();
    this.#link = link;
    for (const device of this.#devices.values()) {
      for (const poll of device.polls) {
        poll.excused = true;
        poll.skipTo(nowMs);
        this.#queue.moved(poll);
      }
    }
    this.#guard(() => this.#step());
  }

  /** The line or socket is gone or about to be; nothing is sent until the next {@link open}. */
  shut(): void {
    const current = this.#current;
    this.#link = undefined;
    this.#current = undefined;
    this.#heldSinceMs = undefined;
    this.#timer?.[Symbol.dispose]();
    if (current !== undefined) {
      this.busy.add(current.startedMs, this.#clock.monotonicMs());
      current.poll?.advance(this.#clock.monotonicMs());
      if (current.poll !== undefined) this.#queue.moved(current.poll);
      current.urgent?.done({ kind: "bus-down" });
    }
    this.#urgent.expire(Number.POSITIVE_INFINITY, { kind: "bus-down" });
  }

  /** Asks as soon as silence and the device allow, before any poll. The outcome comes exactly once. */
  submit(urgent: Urgent): void {
    if (this.#link === undefined) return urgent.done({ kind: "bus-down" });
    if (this.#isBroadcast(urgent.request) && !(this.#snapshot.broadcast && isWrite(urgent.request))) {
      this.#counters.refusedBroadcasts++;
      return urgent.done({ kind: "broadcast-refused" });
    }
    if (!this.#urgent.add(urgent, this.#clock.monotonicMs())) return urgent.done({ kind: "busy" });
    this.#guard(() => this.#step());
  }

  /** Whether this unit left a request unanswered. */
  readonly owes = (unit: number): boolean => (this.#devices.get(unit)?.health.silent ?? 0) > 0;

  reply(adu: Buffer): void {
    this.#guard(() => {
      const reply = this.codec.decode(adu);
      this.#counters.replies++;
      if (reply?.kind === "exception") this.#counters.exceptions++;
      this.#end(reply ?? { kind: "damaged" });
    });
  }

  damaged(): void {
    this.#guard(() => this.#end({ kind: "damaged" }));
  }

  lost(code: string, message: string): void {
    this.#lost(code, message);
  }

  /** Does what is to be done now, and sets the alarm for what comes next. */
  #step(): void {
    const link = this.#link;
    if (link === undefined || this.#current !== undefined) return;
    const nowMs = this.#clock.monotonicMs();
    this.#urgent.expire(nowMs, { kind: "busy" });
    const urgent = this.#urgent.due(nowMs, this.#notBeforeMs);
    const poll = urgent === undefined ? this.#duePoll(nowMs) : undefined;
    const gapMs = urgent?.gapMs ?? poll?.device.snapshot.requestGapMs;
    if (gapMs === undefined) {
      this.#heldSinceMs = undefined;
      return this.#wakeAt(this.#nextMs(nowMs), nowMs);
    }
    const readyMs = Math.max(link.readyAtMs(gapMs), this.#turnaroundUntilMs);
    // it may turn out that the port is stuck, and then it is already gone
    if (this.#link === undefined) return;
    if (readyMs > nowMs) return this.#hold(readyMs, gapMs, nowMs);
    this.#heldSinceMs = undefined;
    if (urgent !== undefined) {
      this.#urgent.remove(urgent);
      this.#start(link, { request: urgent.request, timeoutMs: urgent.timeoutMs, urgent, poll, startedMs: nowMs });
    } else if (poll !== undefined) {
      if (poll.isLate(nowMs)) this.#counters.latePolls++;
      const { timeoutMs } = poll.device.snapshot;
      this.#start(link, { request: poll.plan.request, timeoutMs, urgent, poll, startedMs: nowMs });
    }
  }

  #duePoll(nowMs: number): Poll | undefined {
    const quiet = this.#quiet.due(nowMs);
    if (quiet !== undefined) return quiet;
    const first = this.#queue.first;
    return first !== undefined && first.dueMs <= nowMs ? first : undefined;
  }

  #nextMs(nowMs: number): number {
    const due = this.#queue.first?.dueMs ?? Number.POSITIVE_INFINITY;
    return Math.min(due, this.#quiet.nextMs(nowMs), this.#urgent.nextMs(this.#notBeforeMs));
  }

  readonly #notBeforeMs = (unit: number): number => this.#devices.get(unit)?.health.lateUntilMs ?? 0;

  #hold(readyMs: number, gapMs: number, nowMs: number): void {
    this.#heldSinceMs ??= nowMs;
    if (nowMs - this.#heldSinceMs > OCCUPIED_MS_MAX + gapMs + this.#snapshot.turnaroundMs) {
      this.#heldSinceMs = nowMs;
      this.#listener.occupied();
    }
    this.#wakeAt(readyMs, nowMs);
  }

  #start(link: Link, transaction: Transaction): void {
    const { request, timeoutMs, startedMs } = transaction;
    const adu = this.codec.encode(request);
    const broadcast = this.#isBroadcast(request);
    this.#current = transaction;
    this.#counters.requests++;
    if (isWrite(request)) this.#counters.writes++;
    link.send(adu, broadcast ? undefined : expectationOf(request, adu));
    this.#wakeAt(link.overdueAtMs(broadcast ? 0 : timeoutMs), startedMs);
  }

  #onAlarm(): void {
    const [link, current] = [this.#link, this.#current];
    if (link === undefined || current === undefined) return this.#step();
    const nowMs = this.#clock.monotonicMs();
    const broadcast = this.#isBroadcast(current.request);
    const overdueMs = link.overdueAtMs(broadcast ? 0 : current.timeoutMs);
    if (this.#current !== current) return;
    if (overdueMs > nowMs) return this.#wakeAt(overdueMs, nowMs);
    if (broadcast) {
      this.#turnaroundUntilMs = nowMs + this.#snapshot.turnaroundMs;
      return this.#end({ kind: "done" });
    }
    this.#counters.timeouts++;
    return this.#end({ kind: "silence", damaged: link.abandon() });
  }

  #end(outcome: Outcome): void {
    const current = this.#current;
    if (current === undefined) return;
    const nowMs = this.#clock.monotonicMs();
    this.#current = undefined;
    this.busy.add(current.startedMs, nowMs);
    const device = this.#isBroadcast(current.request) ? undefined : this.#devices.get(current.request.unit);
    if (current.poll !== undefined) {
      current.poll.advance(nowMs);
      this.#queue.moved(current.poll);
    }
    if (device !== undefined) this.#judge(device, outcome, nowMs - current.startedMs, nowMs);
    if (current.poll !== undefined) this.#listener.polled(current.poll, outcome, nowMs - current.startedMs);
    current.urgent?.done(outcome);
    this.#step();
  }

  #judge(device: BusDevice, outcome: Outcome, tookMs: number, nowMs: number): void {
    if (outcome.kind === "exception") device.health.exceptions++;
    if (isSilence(outcome)) {
      this.#budget.spend(tookMs, nowMs);
      device.health.timedOut(nowMs, this.#entropy.fraction());
      this.#quiet.add(device);
      return;
    }
    if (outcome.kind === "damaged") device.health.heard();
    else device.health.answered(tookMs);
    this.#quiet.release(device, nowMs);
  }

  #isBroadcast(request: Request): boolean {
    return request.unit === BROADCAST_UNIT && this.#snapshot.transport.kind === "rtu";
  }

  #wakeAt(atMs: number, nowMs: number): void {
    this.#timer?.[Symbol.dispose]();
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.after(Math.max(ALARM_MS_MIN, atMs - nowMs), () => this.#guard(() => this.#onAlarm()));
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#listener.crashed(error);
    }
  }
}

import type { Clock } from "../../../hal/clock.ts";
import type { Entropy } from "../../../hal/entropy.ts";
import type { BusSnapshot } from "../../config/snapshot.ts";
import { Agenda } from "./agenda.ts";
import type { Turn } from "./agenda.ts";
import type { ArbiterListener } from "./arbiter-listener.ts";
import type { BusDevice } from "./bus-device.ts";
import { BusyMeter } from "./busy-meter.ts";
import { Codec } from "./codec.ts";
import type { Counters } from "./counters.ts";
import { expectationOf } from "./expectation.ts";
import type { ForemostPlace } from "./foremost.ts";
import { HeldBack } from "./held-back.ts";
import type { Link, LinkListener } from "./link.ts";
import { isSilence, isWrite } from "./request.ts";
import type { Outcome, Request } from "./request.ts";
import type { Urgent } from "./urgent-queue.ts";
import { WakeUp } from "./wake-up.ts";

const BROADCAST_UNIT = 0;
/** A socket is not closed for less: opening it again takes a while, too. */
const REST_MS_MIN = 200;

/**
 * Decides, alone, when bytes go out on one line or socket and what they are. One request is outstanding at a time;
 * urgent ones overtake polls, polls go by due time, devices that do not answer wait until nobody is harmed by asking.
 */
export class Arbiter implements LinkListener {
  readonly busy: BusyMeter;
  readonly #codec = new Codec();
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  readonly #snapshot: BusSnapshot;
  readonly #counters: Counters;
  readonly #listener: ArbiterListener;
  readonly #agenda: Agenda;
  readonly #wakeUp: WakeUp;
  readonly #heldBack = new HeldBack();
  #link: Link | undefined;
  #current: Turn | undefined;
  #startedMs = 0;
  /** nothing is sent before this: the device needs a while after it was connected to */
  #quietUntilMs = 0;
  /** the link is closed because nothing is due, and is opened again for whatever comes */
  #resting = false;

  constructor(
    parts: {
      readonly clock: Clock;
      readonly entropy: Entropy;
      readonly counters: Counters;
      readonly place: ForemostPlace;
    },
    snapshot: BusSnapshot,
    devices: readonly BusDevice[],
    listener: ArbiterListener,
  ) {
    this.busy = new BusyMeter(parts.clock.monotonicMs());
    this.#clock = parts.clock;
    this.#entropy = parts.entropy;
    this.#counters = parts.counters;
    this.#snapshot = snapshot;
    this.#listener = listener;
    this.#wakeUp = new WakeUp(parts.clock, () => this.#guard(() => this.#onAlarm()));
    this.#agenda = new Agenda(devices, parts.clock.monotonicMs(), parts.place);
  }

  /** Takes over an open line or socket. */
  open(link: Link): void {
    const nowMs = this.#clock.monotonicMs();
    this.#link = link;
    this.#quietUntilMs = nowMs + (this.#snapshot.connectPauseMs ?? 0);
    if (!this.#resting) this.#agenda.resume(nowMs);
    this.#resting = false;
    this.#guard(() => this.#step());
  }

  /** The line or socket is gone or about to be; nothing is sent until the next {@link open}. */
  shut(): void {
    const [current, nowMs] = [this.#current, this.#clock.monotonicMs()];
    this.#link = undefined;
    this.#current = undefined;
    this.#heldBack.end();
    this.#resting = false;
    this.#wakeUp.never();
    if (current !== undefined) {
      this.busy.add(this.#startedMs, nowMs);
      this.#agenda.taken(current, nowMs);
      if (!this.#isBroadcast(current.request)) this.#agenda.interrupted(current.request.unit, nowMs);
      current.urgent?.done({ kind: "bus-down" });
    }
    this.#agenda.failWaiting({ kind: "bus-down" });
  }

  /** Asks as soon as silence and the device allow, before any poll. The outcome comes exactly once. */
  submit(urgent: Urgent): void {
    if (this.#link === undefined && !this.#resting) return urgent.done({ kind: "bus-down" });
    if (this.#isBroadcast(urgent.request) && !(this.#snapshot.broadcast && isWrite(urgent.request))) {
      this.#counters.refusedBroadcasts++;
      return urgent.done({ kind: "broadcast-refused" });
    }
    if (!this.#agenda.submit(urgent, this.#clock.monotonicMs())) return urgent.done({ kind: "busy" });
    this.#guard(() => this.#step());
  }

  /** Takes back what {@link submit} was given, where it is not sent yet. */
  withdraw(request: Request): boolean {
    return this.#agenda.withdraw(request);
  }

  /** What is foremost has something new to say. */
  nudge(): void {
    this.#guard(() => this.#step());
  }

  /** How long the next step is overdue: a moment on a busy machine, for ever once nobody is going to take it. */
  lateMs(nowMs: number): number {
    return this.#link === undefined ? 0 : this.#wakeUp.overdueMs(nowMs);
  }

  /** Whether this unit left a request unanswered. */
  readonly owes = (unit: number): boolean => this.#agenda.owes(unit);

  reply(adu: Buffer): void {
    this.#guard(() => {
      const reply = this.#codec.decode(adu);
      this.#counters.replies++;
      if (reply?.kind === "exception") this.#counters.exceptions++;
      this.#end(reply ?? { kind: "damaged" });
    });
  }

  damaged(): void {
    this.#guard(() => this.#end({ kind: "damaged" }));
  }

  lost(code: string, message: string): void {
    this.#listener.lost(code, message);
  }

  /** Does what is to be done now, and sets the alarm for what comes next. */
  #step(): void {
    const link = this.#link;
    if (this.#resting) return this.#listener.awaited();
    if (link === undefined || this.#current !== undefined) return;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#quietUntilMs) return this.#wakeUp.at(this.#quietUntilMs, nowMs);
    const turn = this.#agenda.next(nowMs);
    // whoever waited in vain has just heard so, and may have asked again
    if (this.#current !== undefined) return;
    if (turn === undefined) {
      this.#heldBack.end();
      const nextMs = this.#agenda.nextMs(nowMs);
      if (this.#snapshot.closeAfterPolls && nextMs - nowMs >= REST_MS_MIN) return this.#rest(nextMs);
      return this.#wakeUp.at(nextMs, nowMs);
    }
    const readyMs = link.readyAtMs(turn.gapMs);
    // it may turn out that the port is stuck, and then it is already gone
    if (this.#link !== link) return;
    if (readyMs > nowMs) {
      if (this.#heldBack.goesOn(turn.gapMs, nowMs)) this.#listener.occupied();
      return this.#wakeUp.at(readyMs, nowMs);
    }
    this.#heldBack.end();
    this.#start(link, turn, nowMs);
  }

  /** Lets the link go until there is something to ask. */
  #rest(nextMs: number): void {
    this.#link = undefined;
    this.#resting = true;
    this.#wakeUp.never();
    this.#listener.rested(nextMs);
  }

  #start(link: Link, turn: Turn, nowMs: number): void {
    const { request, poll } = turn;
    const adu = this.#codec.encode(request);
    this.#agenda.take(turn, nowMs);
    this.#current = turn;
    this.#startedMs = nowMs;
    this.#counters.requests++;
    if (isWrite(request)) this.#counters.writes++;
    if (poll?.isLate(nowMs) === true) this.#counters.latePolls++;
    link.send(adu, this.#isBroadcast(request) ? undefined : expectationOf(request, adu));
    this.#wakeUp.at(link.overdueAtMs(this.#waitMs(turn)), nowMs);
  }

  #onAlarm(): void {
    const [link, current] = [this.#link, this.#current];
    if (link === undefined || current === undefined) return this.#step();
    const nowMs = this.#clock.monotonicMs();
    const overdueMs = link.overdueAtMs(this.#waitMs(current));
    if (this.#current !== current) return;
    if (overdueMs > nowMs) return this.#wakeUp.at(overdueMs, nowMs);
    if (this.#isBroadcast(current.request)) return this.#end({ kind: "done" });
    this.#counters.timeouts++;
    return this.#end({ kind: "silence", damaged: link.abandon() });
  }

  #end(outcome: Outcome): void {
    const current = this.#current;
    if (current === undefined) return;
    const { request, poll, urgent } = current;
    const nowMs = this.#clock.monotonicMs();
    const tookMs = nowMs - this.#startedMs;
    this.#current = undefined;
    this.busy.add(this.#startedMs, nowMs);
    this.#agenda.taken(current, nowMs);
    if (poll !== undefined) poll.answered = !isSilence(outcome);
    const device = this.#isBroadcast(request) ? undefined : this.#agenda.device(request.unit);
    // a system call: drawn at every reply it would be a tenth of what an idle gateway does
    const jitter = isSilence(outcome) ? this.#entropy.fraction() : 0;
    if (device !== undefined) this.#agenda.judge(device, outcome, tookMs, nowMs, jitter);
    this.#listener.ended(request, outcome, tookMs);
    if (poll !== undefined) {
      if (!this.#agenda.putOff(poll, outcome, nowMs)) this.#listener.polled(poll, outcome);
    } else if (device !== undefined) this.#listener.commanded(device, outcome);
    urgent?.done(outcome);
    this.#step();
  }

  /** For an answer; or, since nobody answers a broadcast, until everybody has acted on it. */
  #waitMs({ request, timeoutMs }: Turn): number {
    return this.#isBroadcast(request) ? this.#snapshot.turnaroundMs : timeoutMs;
  }

  #isBroadcast(request: Request): boolean {
    return request.unit === BROADCAST_UNIT && this.#snapshot.transport.framing !== "mbap";
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#listener.crashed(error);
    }
  }
}

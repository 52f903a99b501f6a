import type { DeviceSnapshot } from "../../config/snapshot.ts";
import type { Fault } from "../../contract/fault.ts";

/** Unanswered requests in a row after which a device counts as dead. */
export const TIMEOUTS_TO_OFFLINE = 2;
/** First pause between two attempts to reach a dead device; doubled each time, up to its own longest. */
const PROBE_MS_MIN = 1_000;
/** Answers in a row after which one lost frame is bad luck and no sign of dying. */
const ANSWERS_TO_TRUST = 5;
/** Weight of the newest reply in the smoothed reply time. */
const SMOOTHING = 1 / 8;

/** Whether one device answers, and when it may be asked again. */
export class DeviceHealth {
  /** it answered last */
  online = false;
  /** unanswered requests since it last answered */
  silent = 0;
  /** not asked before this: late answers are let go by, and dead devices left alone. Monotonic milliseconds */
  askAtMs = 0;
  timeouts = 0;
  exceptions = 0;
  replyMs = 0;
  lastFault: Fault | undefined;
  readonly #lateReplyMs: number;
  readonly #probeMsMax: number;
  #answers = 0;
  #trusted = false;
  #pauseMs = PROBE_MS_MIN;
  /** end of the time in which an answer to a request that timed out may still come */
  #lateUntilMs = 0;

  constructor(device: Pick<DeviceSnapshot, "lateReplyMs" | "probeMsMax">, lateReplies: boolean) {
    this.#lateReplyMs = lateReplies ? device.lateReplyMs : 0;
    this.#probeMsMax = device.probeMsMax;
  }

  get dead(): boolean {
    return this.silent >= TIMEOUTS_TO_OFFLINE;
  }

  /** It missed one answer after many: asked again in its turn, as if nothing had happened. A noisy line starves nobody. */
  get unlucky(): boolean {
    return this.silent === 1 && this.#trusted;
  }

  /** Nothing at all may be sent to it before this. */
  get lateUntilMs(): number {
    return this.#lateUntilMs;
  }

  answered(replyMs: number): void {
    this.heard();
    this.online = true;
    this.#answers++;
    this.replyMs = this.replyMs === 0 ? replyMs : this.replyMs + (replyMs - this.replyMs) * SMOOTHING;
  }

  /** It said something corrupt: alive, which is all that the bus needs to know. */
  heard(): void {
    this.silent = 0;
    this.askAtMs = 0;
    this.#pauseMs = PROBE_MS_MIN;
  }

  /** @param jitter 0 to 1 */
  timedOut(nowMs: number, jitter: number): void {
    this.timeouts++;
    this.silent++;
    this.#trusted = this.#answers >= ANSWERS_TO_TRUST;
    this.#answers = 0;
    this.#lateUntilMs = nowMs + this.#lateReplyMs;
    this.askAtMs = this.#lateUntilMs;
    if (!this.dead) return;
    this.online = false;
    // jitter only shortens the pause: the configured longest one is a promise
    this.askAtMs = Math.max(this.#lateUntilMs, nowMs + this.#pauseMs * (1 - jitter / 4));
    this.#pauseMs = Math.min(this.#pauseMs * 2, Math.max(PROBE_MS_MIN, this.#probeMsMax));
  }

  /** Nobody waits for its answer any more, and it may still give it. True: so it is let alone for a while. */
  interrupted(nowMs: number): boolean {
    if (this.#lateReplyMs === 0) return false;
    this.silent = Math.max(1, this.silent);
    this.#lateUntilMs = nowMs + this.#lateReplyMs;
    this.askAtMs = Math.max(this.askAtMs, this.#lateUntilMs);
    return true;
  }

  /** The line or socket is new, and a dead device may have come back with it. What is late is late on a new line too. */
  reconnected(): void {
    this.askAtMs = this.#lateUntilMs;
    this.#pauseMs = PROBE_MS_MIN;
  }
}

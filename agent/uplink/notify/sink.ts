import { isDeepStrictEqual } from "node:util";
import { sleep } from "../../../hal/clock.ts";
import type { Clock } from "../../../hal/clock.ts";
import type { Entropy } from "../../../hal/entropy.ts";
import type { AlarmSinkSnapshot } from "../../config/snapshot/notify.ts";
import { ALARM_PRIORITIES } from "../../config/snapshot/logic.ts";
import type { AlarmCursor } from "../../contract/alarm-cursors.ts";
import type { AlarmEvent } from "../../contract/alarms.ts";
import type { AlarmSinkStatus } from "../../contract/alarm-sinks.ts";
import type { Fault } from "../../contract/fault.ts";
import type { Log } from "../../contract/log.ts";
import { untilAborted, withinTime } from "./attempt.ts";
import { explainNotify, NotifyError } from "./fault.ts";
import type { Receiver, Way } from "./receiver.ts";
import { Waiting } from "./waiting.ts";

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;
/** A receiver that asks for more is asked again all the same: an alarm that is a day old helps nobody. */
export const RETRY_AFTER_MS_MAX = 300_000;
/** So often one event is refused before it is given up: what follows may be welcome. */
export const REFUSALS_MAX = 3;
const FAULT_CHARS_MAX = 512;
/** Failures after which the first flight of TLS may have been too long for something on the way. */
const STALLS = new Set(["NOTIFY_TIMEOUT", "HAL_TLS_FAILED"]);

export interface SinkParts {
  readonly clock: Clock;
  readonly entropy: Pick<Entropy, "fraction">;
  readonly log: Log;
}

/** One receiver's queue and the loop that empties it: it delays nobody else, and nobody else delays it. */
export class Sink {
  readonly snapshot: AlarmSinkSnapshot;
  readonly #parts: SinkParts;
  readonly #receiver: Receiver;
  readonly #interfaceNames: readonly string[];
  readonly #waiting: Waiting;
  #state: AlarmSinkStatus["state"] = "idle";
  #delivered = 0;
  #refused = 0;
  #lastFault: Fault | undefined;
  #failures = 0;
  #refusals = 0;
  #wake = Promise.withResolvers<void>();

  /**
   * @param interfaceNames by which to leave, tried in turn; empty: by the machine's routes
   * @param before what waited for the receiver of this name, as long as it was another one
   */
  constructor(
    parts: SinkParts,
    snapshot: AlarmSinkSnapshot,
    receiver: Receiver,
    interfaceNames: readonly string[],
    before?: Sink,
  ) {
    this.#parts = parts;
    this.snapshot = snapshot;
    this.#receiver = receiver;
    this.#interfaceNames = interfaceNames;
    this.#waiting = before === undefined ? new Waiting(snapshot.queueMax) : before.#waiting;
    this.#waiting.max = snapshot.queueMax;
  }

  isOf(snapshot: AlarmSinkSnapshot, interfaceNames: readonly string[]): boolean {
    return isDeepStrictEqual(this.snapshot, snapshot) && isDeepStrictEqual(this.#interfaceNames, interfaceNames);
  }

  /** What comes next is behind this one, with so many losses that nobody was told of. */
  begin(bootId: string, sequence: number, lost = 0): void {
    this.#waiting.begin(bootId, sequence, lost);
  }

  /** Takes what is new, of its priority and above. */
  offer(event: AlarmEvent): void {
    const { priority } = this.snapshot;
    if (!this.#waiting.reaches(event)) return;
    if (ALARM_PRIORITIES.indexOf(event.priority) > ALARM_PRIORITIES.indexOf(priority)) return;
    this.#waiting.add(event, this.#failures > 0);
    this.#wake.resolve();
  }

  /** Everything of this boot up to there is delivered, counted as lost, or not for this receiver. */
  cursor(bootId: string): AlarmCursor {
    return { name: this.snapshot.name, ...this.#waiting.cursor(bootId) };
  }

  status(): AlarmSinkStatus {
    return {
      name: this.snapshot.name,
      address: this.#receiver.address,
      state: this.#state,
      waiting: this.#waiting.length,
      delivered: this.#delivered,
      lost: this.#waiting.lostCount,
      refused: this.#refused,
      ...(this.#lastFault === undefined ? {} : { lastFault: this.#lastFault }),
    };
  }

  /** Delivers until `signal` aborts. @param settled called whenever fewer events wait than before */
  async run(settled: () => void, signal: AbortSignal): Promise<void> {
    this.#waiting.release();
    while (!signal.aborted) {
      if (this.#waiting.length === 0) {
        this.#state = "idle";
        this.#wake = Promise.withResolvers();
        await untilAborted(this.#wake.promise, signal).catch(() => {});
        continue;
      }
      this.#state = this.#failures === 0 ? "sending" : "retrying";
      const pauseMs = await this.#attempt(signal);
      settled();
      if (pauseMs > 0) await sleep(this.#parts.clock, pauseMs, signal).catch(() => {});
    }
  }

  /** @returns how long to wait before the next attempt */
  async #attempt(signal: AbortSignal): Promise<number> {
    const batch = this.#waiting.take(this.#receiver.batchMax);
    try {
      const deliver = (until: AbortSignal): Promise<void> => this.#receiver.deliver(batch, this.#way(), until);
      await withinTime(this.#parts.clock, deliver, signal);
      this.#waiting.done();
      this.#delivered += batch.length;
      this.#failures = 0;
      this.#refusals = 0;
      return 0;
    } catch (error) {
      if (signal.aborted) return 0;
      this.#waiting.putBack();
      this.#failures += 1;
      return this.#failed(error);
    }
  }

  #failed(error: unknown): number {
    const { clock, entropy, log } = this.#parts;
    const { code, message } = explainNotify(error, this.#receiver.address);
    this.#state = "retrying";
    this.#lastFault = { code, message: message.slice(0, FAULT_CHARS_MAX), timeMs: clock.wall().unixMs };
    if (this.#failures === 1) log.warn("notify.failed", { receiver: this.snapshot.name, code });
    this.#refusals = code === "NOTIFY_HTTP_REFUSED" ? this.#refusals + 1 : 0;
    if (this.#refusals >= REFUSALS_MAX) {
      this.#waiting.giveUp();
      this.#refused += 1;
      this.#refusals = 0;
      log.warn("notify.given-up", { receiver: this.snapshot.name, code });
    }
    const ceilingMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(this.#failures, 10));
    const pauseMs = ceilingMs * (0.5 + entropy.fraction() / 2);
    const askedMs = error instanceof NotifyError ? (error.retryAfterMs ?? 0) : 0;
    return Math.max(pauseMs, Math.min(RETRY_AFTER_MS_MAX, askedMs));
  }

  #way(): Way {
    const interfaceName = this.#interfaceNames[this.#failures % Math.max(1, this.#interfaceNames.length)];
    const stalled = this.#failures % 2 === 1 && STALLS.has(this.#lastFault?.code ?? "");
    return { ...(interfaceName === undefined ? {} : { interfaceName }), classical: stalled };
  }
}

import type { Clock } from "../../../hal/clock.ts";
import { sleep } from "../../../hal/clock.ts";
import type { Entropy } from "../../../hal/entropy.ts";
import type { HalError } from "../../../hal/error.ts";
import type { Network } from "../../../hal/network.ts";
import type { Serial } from "../../../hal/serial.ts";
import type { BusSnapshot } from "../../config/snapshot.ts";
import type { Log } from "../../contract/log.ts";
import type { Fault } from "../../contract/fault.ts";
import type { BusStatus } from "../../contract/status.ts";
import { DeviceSource } from "../points/device-source.ts";
import type { Sink } from "../points/source.ts";
import { Arbiter } from "./arbiter.ts";
import type { BusDevice } from "./bus-device.ts";
import { busDevices } from "./bus-devices.ts";
import { openBusLink } from "./bus-link.ts";
import { newCounters } from "./counters.ts";
import { codeOf, faultOf, messageOf } from "./fault-of.ts";
import { ForemostPlace } from "./foremost.ts";
import type { Foremost } from "./foremost.ts";
import type { Link } from "./link.ts";
import type { ListeningLink } from "./listening-link.ts";
import { PollResults } from "./poll-results.ts";
import { Reopening } from "./reopening.ts";
import { Rest } from "./rest.ts";
import { busStatus } from "./status.ts";
import type { Request } from "./request.ts";
import type { Urgent } from "./urgent-queue.ts";
import type { Witness } from "./witness.ts";

/** Pause after a fault in opening or closing itself. */
const CRASH_PAUSE_MS = 5_000;

export interface BusParts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly network: Network;
  readonly serial: Serial;
  readonly sink: Sink;
  readonly log: Log;
  /** who notes what happens on a bus of this configuration */
  readonly watch?: (snapshot: BusSnapshot) => Witness;
}

/**
 * One serial line or socket with its devices, for as long as its configuration stays the same. It opens the line, opens
 * it again whenever it is lost, and starts over after a fault of its own; nothing it does waits for another bus.
 */
export class Bus {
  readonly snapshot: BusSnapshot;
  readonly sources: readonly DeviceSource[];
  readonly counters = newCounters();
  state: BusStatus["state"] = "opening";
  lastFault: Fault | undefined;
  readonly #parts: BusParts;
  readonly #spread: number;
  readonly #startedMs: number;
  readonly #stop = new AbortController();
  readonly #reopening: Reopening;
  readonly #place = new ForemostPlace();
  readonly #rest = new Rest();
  readonly #witness: Witness | undefined;
  #devices: readonly BusDevice[] = [];
  #arbiter: Arbiter;
  #ended = Promise.withResolvers<void>();
  #crashed = false;
  #running: Promise<void> | undefined;

  /** @param spread 0 to 1: where in their periods this bus's polls begin, so that not all buses are busy at once */
  constructor(parts: BusParts, snapshot: BusSnapshot, spread: number) {
    this.#parts = parts;
    this.snapshot = snapshot;
    this.#spread = spread;
    this.#witness = parts.watch?.(snapshot);
    this.#startedMs = parts.clock.monotonicMs();
    this.sources = snapshot.devices.map((device) => new DeviceSource(snapshot.name, device, parts));
    this.#reopening = new Reopening(parts.clock, parts.entropy);
    this.#arbiter = this.#newArbiter();
  }

  /** Once; further calls do nothing. */
  start(): void {
    this.#running ??= this.#run(this.#stop.signal);
  }

  submit(urgent: Urgent): void {
    this.#arbiter.submit(urgent);
  }

  /** Takes back what {@link submit} was given. True: it was not sent, and never will be. */
  withdraw(request: Request): boolean {
    return this.#arbiter.withdraw(request);
  }

  /** What goes before everything else from now on, or has something new to say. Outlives every loss of the line. */
  setForemost(foremost: Foremost | undefined): void {
    this.#place.foremost = foremost;
    if (foremost !== undefined) this.#arbiter.nudge();
  }

  /** Whether a unit left so many requests unanswered that waiting for it is of no use. */
  isDead(unit: number): boolean {
    return this.#devices.some(({ snapshot, health }) => snapshot.unit === unit && health.dead);
  }

  /** Why nothing can be sent; undefined while the line or socket is open, rests, or was never lost. */
  get down(): Fault | undefined {
    return this.state === "open" || this.state === "resting" ? undefined : this.lastFault;
  }

  status(withPoints: boolean): BusStatus {
    return busStatus(this, this.#devices, this.#arbiter.busy, this.#parts.clock.monotonicMs(), withPoints);
  }

  /** How long its arbiter's next step is overdue; 0 while the line or socket is not open. */
  lateMs(nowMs: number): number {
    return this.#arbiter.lateMs(nowMs);
  }

  /** Resolves once the line or socket is closed. Values that are already read stay where they are. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error("this bus is being stopped"));
    this.#arbiter.shut();
    this.#ended.resolve();
    await this.#running;
  }

  async #run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await this.#hold(stop);
        if (stop.aborted) return;
        if (this.#rest.asked) await this.#rest.wait(this.#parts.clock, stop);
        else await this.#pause(stop);
      } catch (error) {
        this.#onCrash(error);
        await sleep(this.#parts.clock, CRASH_PAUSE_MS, stop).catch(() => {});
      }
    }
  }

  /** Opens the line or socket and holds it until it is lost. */
  async #hold(stop: AbortSignal): Promise<void> {
    const rested = this.state === "resting";
    this.state = "opening";
    this.#ended = Promise.withResolvers<void>();
    try {
      await using link = await this.#open(stop);
      if (stop.aborted) return;
      this.#onOpen(link, rested);
      if (!rested) this.#parts.log.info("bus.open", { bus: this.snapshot.name });
      await this.#ended.promise;
    } catch (error) {
      this.#fault(codeOf(error), messageOf(error));
    } finally {
      // also where it was lost before anybody was told that it is open
      if (this.#rest.asked) this.state = "resting";
      else this.#arbiter.shut();
    }
  }

  async #pause(stop: AbortSignal): Promise<void> {
    const pauseMs = this.#crashed ? this.#startOver() : this.#reopening.pauseMs();
    this.#parts.log.warn("bus.lost", { bus: this.snapshot.name, code: this.lastFault?.code, pauseMs });
    if (pauseMs === 0) return;
    this.state = "waiting";
    this.#down();
    await sleep(this.#parts.clock, pauseMs, stop).catch(() => {});
  }

  #open(stop: AbortSignal): Promise<Link | ListeningLink> {
    const parts = { ...this.#parts, counters: this.counters };
    const audience = {
      listener: this.#arbiter,
      witness: this.#witness,
      owes: this.#arbiter.owes,
      trying: () => this.#reopening.trying(),
      unanswered: (error: HalError) => this.#onUnanswered(error),
    };
    return openBusLink(parts, this.snapshot, audience, stop);
  }

  /** Nobody answers, and further attempts are being made. */
  #onUnanswered({ code, message }: HalError): void {
    this.#fault(code, message);
    this.#reopening.failed();
    this.#parts.log.warn("bus.lost", { bus: this.snapshot.name, code, pauseMs: 0 });
    this.#down();
  }

  #onOpen(link: Link | ListeningLink, rested: boolean): void {
    if (this.#reopening.opened()) for (const { health } of this.#devices) health.reconnected();
    if (this.#reopening.times > 1 && !rested) this.counters.reopened++;
    this.state = "open";
    this.#witness?.opened();
    // nothing that can send exists on a bus that only listens
    if ("send" in link) this.#arbiter.open(link);
  }

  #newArbiter(): Arbiter {
    this.#devices = busDevices(this.snapshot, this.sources, this.#startedMs, this.#spread);
    const results = new PollResults(this.snapshot, this.#devices, {
      wall: () => this.#parts.clock.wall().unixMs,
      fault: (code, message) => this.#fault(code, message),
      answered: () => this.#reopening.answered(),
      ended: (request, outcome, tookMs) => this.#witness?.ended(request, outcome, tookMs),
      rested: (untilMs) => {
        this.#rest.ask(untilMs);
        this.#ended.resolve();
      },
      awaited: () => this.#rest.end(),
      lost: (code, message) => this.#lost(code, message),
      crashed: (error) => this.#onCrash(error),
    });
    const parts = { ...this.#parts, counters: this.counters, place: this.#place };
    return new Arbiter(parts, this.snapshot, this.#devices, results);
  }

  #lost(code: string, message: string): void {
    if (this.#stop.signal.aborted) return;
    this.#fault(code, message);
    this.#arbiter.shut();
    this.#ended.resolve();
  }

  /** Never throws: whoever calls has nobody above that could catch it. */
  #onCrash(error: unknown): void {
    this.#parts.log.error("bus.crashed", { bus: this.snapshot.name, message: messageOf(error) });
    this.#crashed = true;
    this.#fault("BUS_CRASHED", messageOf(error));
    try {
      this.#arbiter.shut();
    } catch (again) {
      this.#parts.log.error("bus.crashed-closing", { bus: this.snapshot.name, message: messageOf(again) });
    }
    this.#ended.resolve();
  }

  /** After a fault of our own nothing that was half done is trusted. Gives the pause before the next start. */
  #startOver(): number {
    this.#crashed = false;
    this.#arbiter = this.#newArbiter();
    return this.#reopening.crashPauseMs();
  }

  #down(): void {
    for (const source of this.sources) {
      source.failedAll("bus-down");
      source.turn(false);
    }
  }

  #fault(code: string, message: string): void {
    this.lastFault = faultOf(code, message, this.#parts.clock.wall().unixMs);
  }
}

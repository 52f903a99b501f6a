import type { BusSnapshot } from "../../config/snapshot.ts";
import type { PollPlan } from "../../config/requests/plan.ts";
import type { ArbiterListener } from "./arbiter-listener.ts";
import type { BusDevice } from "./bus-device.ts";
import type { Poll } from "./poll.ts";
import type { PolledDevice } from "./polled-device.ts";
import type { Outcome, Request } from "./request.ts";
import { isSilence } from "./request.ts";

/** Unanswered requests in a row after which a socket itself is doubted: fewer where no device of it answers any more. */
const SILENCES_OF_ALL_TO_DOUBT = 2;
const SILENCES_TO_DOUBT = 5;

/** What a bus wants to hear about its polls. */
export interface PollResultsParts {
  /** Unix milliseconds */
  wall(): number;
  fault(code: string, message: string): void;
  answered(): void;
  ended(request: Request, outcome: Outcome, tookMs: number): void;
  rested(untilMs: number): void;
  awaited(): void;
  lost(code: string, message: string): void;
  crashed(error: unknown): void;
}

/** Turns outcomes into values, qualities and faults of their sources. */
export class PollResults implements ArbiterListener {
  readonly #snapshot: BusSnapshot;
  readonly #devices: readonly BusDevice[];
  readonly #parts: PollResultsParts;
  #silences = 0;

  constructor(snapshot: BusSnapshot, devices: readonly BusDevice[], parts: PollResultsParts) {
    this.#snapshot = snapshot;
    this.#devices = devices;
    this.#parts = parts;
  }

  polled(poll: Poll, outcome: Outcome): void {
    const { device, plan } = poll;
    if (outcome.kind === "data") {
      this.#answered();
      device.source.turn(true);
      device.source.read(plan, outcome.bytes);
    } else if (isSilence(outcome)) {
      this.#unanswered(device, plan, outcome);
    } else if (outcome.kind === "exception") {
      this.#answered();
      device.source.turn(true);
      const { function: code, address, count } = plan.request;
      this.#fault(
        device,
        "DEVICE_EXCEPTION",
        `exception ${outcome.code} to function ${code}, ${count} from ${address}`,
      );
      device.source.failed(plan, "exception");
    } else {
      this.#answered();
      this.#fault(device, "DEVICE_BAD_FRAME", "the answer was corrupt");
      device.source.failed(plan, "bad-frame");
    }
  }

  commanded(device: PolledDevice, outcome: Outcome): void {
    if (isSilence(outcome)) this.#unanswered(device, undefined, outcome);
    else this.#answered();
  }

  occupied(): void {
    this.#parts.fault("BUS_OCCUPIED", "the line does not fall silent: something else is talking on it");
    for (const { source } of this.#devices) source.failedAll("bad-frame");
  }

  ended(request: Request, outcome: Outcome, tookMs: number): void {
    this.#parts.ended(request, outcome, tookMs);
  }

  rested(untilMs: number): void {
    this.#parts.rested(untilMs);
  }

  awaited(): void {
    this.#parts.awaited();
  }

  lost(code: string, message: string): void {
    this.#parts.lost(code, message);
  }

  crashed(error: unknown): void {
    this.#parts.crashed(error);
  }

  /** @param plan what was to be read, if anything */
  #unanswered(device: PolledDevice, plan: PollPlan | undefined, outcome: Outcome): void {
    const { source, health, snapshot } = device;
    const damaged = outcome.kind === "silence" && outcome.damaged;
    const [code, reason] = damaged
      ? (["DEVICE_BAD_FRAME", "bad-frame"] as const)
      : (["DEVICE_NO_REPLY", "no-reply"] as const);
    this.#fault(device, code, `no answer of unit ${snapshot.unit} within ${snapshot.timeoutMs} ms`);
    // unless it keeps its turn, none of its points is read until it answers again
    if (!health.unlucky) source.failedAll(reason);
    else if (plan !== undefined) source.failed(plan, reason);
    if (health.dead) source.turn(false);
    if (damaged || outcome.kind === "exception") return this.#answered();
    this.#silences++;
    const all = this.#devices.every(({ health: other }) => other.silent > 0);
    const enough = all ? SILENCES_OF_ALL_TO_DOUBT : SILENCES_TO_DOUBT;
    if (this.#snapshot.transport.kind !== "tcp" || this.#silences < enough) return;
    this.#silences = 0;
    this.#parts.lost("BUS_SILENT", "connected, and nobody answers: the connection may be dead");
  }

  #answered(): void {
    this.#silences = 0;
    this.#parts.answered();
  }

  #fault(device: PolledDevice, code: string, message: string): void {
    device.health.lastFault = { code, message, timeMs: this.#parts.wall() };
  }
}

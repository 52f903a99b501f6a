import type { Clock } from "../../../hal/clock.ts";
import { characterMs } from "../../../hal/serial.ts";
import type { BusSnapshot } from "../../config/snapshot.ts";
import type { BusInventory, InventoryRequest } from "../../contract/inventory.ts";
import type { SystemAlarms } from "../alarms/system-alarms.ts";
import type { Outcome, Request } from "../bus/request.ts";
import { silenceMs } from "../bus/serial-link.ts";
import type { Witness } from "../bus/witness.ts";
import { AsciiEar } from "./ascii-ear.ts";
import { Conversation } from "./conversation.ts";
import { Findings } from "./findings.ts";
import type { Instant } from "./findings.ts";
import { Foreigners } from "./foreigners.ts";
import { Ledger } from "./ledger.ts";
import type { StoredUnit } from "./ledger.ts";
import { RtuEar, cutFrames, heardFrame } from "./line-ear.ts";
import type { Ear, HeardFrame } from "./line-ear.ts";
import { OwnDevices } from "./own-devices.ts";

/** Unit id, function, address, count, CRC: what most of our questions are. */
const QUESTION_CHARS = 8;
/** Each byte of ASCII is two characters, with `:`, CR and LF around them. */
const QUESTION_CHARS_ASCII = 17;

/** Less may be the rest of a frame that began before the line was opened, and noise. */
const GARBLED_BYTES_MIN = 64;

/** What is stored of one bus. */
export interface StoredBus {
  readonly bus: string;
  /** the line or socket it was seen on: another one is another story */
  readonly place: string;
  readonly sinceMs: number;
  readonly echo?: boolean;
  readonly units: readonly StoredUnit[];
  readonly requests: readonly InventoryRequest[];
}

/** Everything seen on one bus since it was first configured, and what of it does not fit the plan. */
export class BusWitness implements Witness {
  readonly ledger = new Ledger();
  readonly #clock: Clock;
  readonly #findings: Findings;
  readonly #own: OwnDevices;
  readonly #foreigners: Foreigners;
  readonly #conversation: Conversation;
  readonly #ear: Ear | undefined;
  readonly #ownEar: Ear | undefined;
  readonly #snapshot: BusSnapshot;
  readonly #characterMs: number;
  #sinceMs: number;
  /** since the line was opened */
  #bytes = 0;
  #frames = 0;

  constructor(clock: Clock, alarms: SystemAlarms, snapshot: BusSnapshot) {
    this.#clock = clock;
    this.#snapshot = snapshot;
    this.#sinceMs = clock.wall().unixMs;
    const names = new Map(snapshot.devices.map(({ unit, name }) => [unit, name]));
    const deviceOf = (unit: number): string | undefined => names.get(unit);
    this.#findings = new Findings(snapshot.name, alarms);
    this.#own = new OwnDevices(this.ledger, this.#findings, deviceOf);
    this.#foreigners = new Foreigners({
      ledger: this.ledger,
      findings: this.#findings,
      deviceOf,
      listenOnly: snapshot.listenOnly === true,
      unitsKnown: names.size > 0,
      now: () => this.#now(),
      identified: (record, objects, now) => this.#own.identified(record, objects, now),
    });
    this.#conversation = new Conversation(this.#foreigners);
    const { transport } = snapshot;
    this.#characterMs = transport.kind === "serial" ? characterMs(transport) : 0;
    if (transport.kind !== "serial") return;
    const timing = { silenceMs: silenceMs(transport), characterMs: this.#characterMs };
    const heard = (frame: HeardFrame): void => {
      this.#frames++;
      this.#conversation.heard(frame);
    };
    this.#ear = transport.framing === "ascii" ? new AsciiEar(heard) : new RtuEar(timing, heard);
    if (transport.framing !== "ascii") return;
    this.#ownEar = new AsciiEar((frame) => this.#conversation.sent(frame, frame.endMs));
  }

  /** Line or socket, as far as it tells one story from another. */
  get place(): string {
    const { transport } = this.#snapshot;
    return transport.kind === "serial" ? transport.path : `${transport.host}:${transport.port}`;
  }

  get echoing(): boolean {
    return this.#foreigners.echoing;
  }

  opened(): void {
    this.#bytes = 0;
    this.#frames = 0;
    this.#foreigners.opened();
  }

  sent(bytes: Uint8Array): void {
    const nowMs = this.#clock.monotonicMs();
    const leftMs = nowMs + bytes.length * this.#characterMs;
    this.#ear?.settle(nowMs);
    if (this.#ownEar !== undefined) return this.#ownEar.push(bytes, leftMs);
    const [adu] = cutFrames(Buffer.from(bytes));
    if (adu !== undefined) this.#conversation.sent(heardFrame(adu, nowMs), leftMs);
  }

  heard(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (bytes.length > 0) this.#ear?.push(bytes, this.#clock.monotonicMs());
  }

  ended(request: Request, outcome: Outcome, tookMs: number): void {
    const ascii = this.#snapshot.transport.framing === "ascii";
    const questionMs = (ascii ? QUESTION_CHARS_ASCII : QUESTION_CHARS) * this.#characterMs;
    this.#own.ended(request, outcome, Math.max(0, tookMs - questionMs), this.#now());
    if (outcome.kind === "data" && "address" in request) this.#foreigners.fitted(request);
  }

  answeredAs(asked: number, unit: number): void {
    this.#own.answeredAs(asked, unit, this.#now());
  }

  /** Once in a while: what is whole by now is heard, what is over ends. */
  tick(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#ear?.settle(nowMs);
    this.#findings.expire(nowMs);
  }

  inventory(): BusInventory {
    const { name, listenOnly = false, devices } = this.#snapshot;
    const names = new Map(devices.map((device) => [device.unit, device.name]));
    this.tick();
    return {
      bus: name,
      sinceMs: this.#sinceMs,
      listenOnly,
      ...(this.echoing ? { echo: true } : {}),
      ...(this.#frames === 0 && this.#bytes >= GARBLED_BYTES_MIN ? { garbledBytes: this.#bytes } : {}),
      units: [...this.ledger.units((unit) => names.get(unit))],
      requests: [...this.ledger.requests()],
      findings: this.#findings.shown(),
    };
  }

  stored(): StoredBus {
    const { name } = this.#snapshot;
    return { bus: name, place: this.place, sinceMs: this.#sinceMs, echo: this.echoing, ...this.ledger.stored() };
  }

  restore(stored: StoredBus): void {
    this.#sinceMs = stored.sinceMs;
    this.#foreigners.restore(stored.echo === true);
    this.ledger.restore(stored);
  }

  /** The bus is gone, or configured anew. */
  end(): void {
    this.#findings.clear();
  }

  #now(): Instant {
    return { unixMs: this.#clock.wall().unixMs, monotonicMs: this.#clock.monotonicMs() };
  }
}

import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../../hal/clock.ts";
import type { DigitalIo } from "../../../hal/digital-io.ts";
import type { FieldSnapshot } from "../../config/snapshot.ts";
import type { IoSnapshot } from "../../config/snapshot/io.ts";
import type { IoStatus } from "../../contract/io.ts";
import type { Log } from "../../contract/log.ts";
import { qualityCode } from "../../contract/point.ts";
import type { StandingAlarms } from "../alarms/standing.ts";
import type { SystemAlarms } from "../alarms/system-alarms.ts";
import type { LocalPart } from "../local-sources.ts";
import { Source } from "../points/source.ts";
import type { PointKind, Sink } from "../points/source.ts";
import { Wired } from "./wired.ts";

/** Names the part of the gateway in a roster, where a field device has its bus. */
const HOUSING = "housing";
const OK = qualityCode("ok");
const LINE_FAILED = qualityCode("line-failed");

export interface HousingParts {
  readonly clock: Clock;
  readonly digitalIo: DigitalIo;
  readonly sink: Sink;
  readonly alarms: SystemAlarms;
  readonly standing: StandingAlarms;
  readonly log: Log;
}

/** Inputs, relay and LEDs of the gateway's own housing. */
export class Housing implements LocalPart {
  readonly #parts: HousingParts;
  #io: IoSnapshot | undefined;
  #source: Source | undefined;
  #wired: Wired | undefined;
  #online = false;

  constructor(parts: HousingParts) {
    this.#parts = parts;
  }

  get sources(): readonly Source[] {
    return this.#source === undefined ? [] : [this.#source];
  }

  /** Whether somebody is at a presence button now. */
  get present(): boolean {
    return this.#wired?.present ?? false;
  }

  async apply({ io }: FieldSnapshot): Promise<void> {
    if (isDeepStrictEqual(io, this.#io)) return;
    this.#wired?.withdraw(io);
    await this.#wired?.stop(io === undefined);
    this.#wired = undefined;
    const before = this.#io;
    this.#io = io;
    if (before !== undefined && io !== undefined && sameNames(before, io)) return;
    this.#source = io === undefined || io.inputs.length === 0 ? undefined : this.#newSource(io);
  }

  start(): void {
    if (this.#io === undefined || this.#wired !== undefined) return;
    const source = this.#source;
    source?.turn(true);
    const told = (index: number, value: boolean | null): void =>
      source?.take(index, value, value === null ? LINE_FAILED : OK);
    this.#wired = new Wired(this.#io, { ...this.#parts, online: this.#online, told });
  }

  /** Whether a broker takes telemetry now. */
  contact(online: boolean): void {
    this.#online = online;
    this.#wired?.contact(online);
  }

  /** undefined where the configuration has no housing */
  status(): IoStatus | undefined {
    return this.#wired?.status();
  }

  async stop(): Promise<void> {
    await this.#wired?.stop(true);
    this.#wired = undefined;
  }

  #newSource({ device, inputs }: IoSnapshot): Source {
    const kinds = inputs.map(({ name }) => inputKind(name));
    return new Source(HOUSING, device, kinds, this.#parts);
  }
}

function sameNames(before: IoSnapshot, after: IoSnapshot): boolean {
  const names = ({ device, inputs }: IoSnapshot): string[] => [device, ...inputs.map(({ name }) => name)];
  return isDeepStrictEqual(names(before), names(after));
}

function inputKind(name: string): PointKind {
  return {
    facts: { name, type: "bool", output: false },
    changed: (before, after) => before !== after,
    heartbeatMs: 0,
  };
}

import type { Clock } from "../../../hal/clock.ts";
import type { DigitalIo } from "../../../hal/digital-io.ts";
import type { FieldSnapshot } from "../../config/snapshot.ts";
import type { IoStatus } from "../../contract/io.ts";
import type { Log } from "../../contract/log.ts";
import type { Alarms } from "../alarms/alarms.ts";
import type { LocalPart } from "../local-sources.ts";
import type { Sink, Source } from "../points/source.ts";

export interface HousingParts {
  readonly clock: Clock;
  readonly digitalIo: DigitalIo;
  readonly sink: Sink;
  readonly alarms: Alarms;
  readonly log: Log;
}

/** Inputs, relay and LEDs of the gateway's own housing. */
export class Housing implements LocalPart {
  readonly sources: readonly Source[] = [];

  constructor(_parts: HousingParts) {}

  apply(_field: FieldSnapshot): Promise<void> {
    return Promise.resolve();
  }

  start(): void {}

  /** Whether a broker takes telemetry now. */
  contact(_online: boolean): void {}

  status(): IoStatus | undefined {
    return undefined;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

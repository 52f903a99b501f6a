import type { Clock } from "../../../hal/clock.ts";
import type { Disk } from "../../../hal/disk.ts";
import type { MachineBoot } from "../../../hal/machine-boot.ts";
import type { FieldSnapshot } from "../../config/snapshot.ts";
import type { Log } from "../../contract/log.ts";
import type { OutputsStatus } from "../../contract/outputs.ts";
import type { OrderDone, OutputsOrder, Write, Written } from "../../contract/rooms.ts";
import type { SystemAlarms } from "../alarms/system-alarms.ts";
import type { BusSet } from "../bus-set.ts";
import type { PointBook } from "../points/book.ts";
import { writeOutput } from "./write-output.ts";

export interface OutputsParts {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly machineBoot: MachineBoot;
  readonly book: PointBook;
  readonly buses: BusSet;
  readonly alarms: SystemAlarms;
  readonly log: Log;
}

/** The one way by which anything of the gateway writes to the field. */
export class Outputs {
  readonly #parts: OutputsParts;

  constructor(parts: OutputsParts) {
    this.#parts = parts;
  }

  /** Another configuration runs from now on; the buses have it already. */
  apply(_field: FieldSnapshot): Promise<void> {
    return Promise.resolve();
  }

  write(write: Write, answer: (written: Written) => void): void {
    writeOutput(this.#parts.buses.all, write, answer);
  }

  order({ id }: OutputsOrder): Promise<OrderDone> {
    return Promise.resolve({ kind: "done", id, refused: { code: "OUTPUT_NONE", message: "no outputs yet" } });
  }

  /** Whether a broker takes telemetry now. */
  contact(_online: boolean): void {}

  status(): OutputsStatus | undefined {
    return undefined;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

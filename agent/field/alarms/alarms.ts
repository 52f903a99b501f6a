import type { FieldSnapshot } from "../../config/snapshot.ts";
import type { AlarmsStatus } from "../../contract/alarms.ts";
import type { AlarmOrder, OrderDone } from "../../contract/rooms.ts";
import type { Clock } from "../../../hal/clock.ts";
import type { Disk } from "../../../hal/disk.ts";
import type { Log } from "../../contract/log.ts";
import type { LocalPart } from "../local-sources.ts";
import type { PointBook } from "../points/book.ts";
import type { Sink, Source } from "../points/source.ts";
import type { AlarmEvents } from "./events.ts";
import type { SystemAlarms } from "./system-alarms.ts";

export interface AlarmsParts {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly sink: Sink;
  readonly book: PointBook;
  readonly events: AlarmEvents;
  readonly log: Log;
}

/** Every alarm of the gateway, with its state. */
export class Alarms implements LocalPart, SystemAlarms {
  readonly sources: readonly Source[] = [];

  constructor(_parts: AlarmsParts) {}

  apply(_field: FieldSnapshot): Promise<void> {
    return Promise.resolve();
  }

  start(): void {}

  set(): void {}

  order({ id }: AlarmOrder): Promise<OrderDone> {
    return Promise.resolve({ kind: "done", id, refused: { code: "ALARM_UNKNOWN", message: "no alarms yet" } });
  }

  status(): AlarmsStatus | undefined {
    return undefined;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

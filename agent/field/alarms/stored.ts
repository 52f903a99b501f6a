import type { Disk } from "../../../hal/disk.ts";
import { openCell } from "../../../hal/storage/cell.ts";
import { ALARM_STATES } from "../../contract/alarms.ts";
import type { AlarmState } from "../../contract/alarms.ts";
import type { Log } from "../../contract/log.ts";
import { SYSTEM_KEYS_MAX } from "./system-board.ts";

/** One alarm that is not normal, as it survives a restart. What is normal needs no memory. */
export interface StoredAlarm {
  readonly name: string;
  readonly at: AlarmState;
  readonly active: boolean;
  readonly sinceMs: number;
  readonly evidence: string;
  readonly by?: string;
  /** Unix milliseconds */
  readonly shelvedUntilMs?: number;
  /** of an alarm of the gateway itself: what was the case */
  readonly keys?: readonly string[];
}

export interface AlarmStore {
  /** Empty where there is nothing, or nothing that can be used: that is logged, never thrown. */
  read(): Promise<readonly StoredAlarm[]>;
  /** @throws {HalError} what the disk refuses; what was stored before stays */
  replace(alarms: readonly StoredAlarm[]): Promise<void>;
}

export function openAlarmStore(disk: Disk, log: Log): AlarmStore {
  const cell = openCell(disk, "alarms");
  return {
    async read() {
      try {
        const bytes = await cell.read();
        if (bytes === undefined) return [];
        const stored: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
        return (Array.isArray(stored) ? stored : []).filter(isStored);
      } catch (error) {
        log.error("alarms.stored-unusable", { message: error instanceof Error ? error.message : String(error) });
        return [];
      }
    },
    replace: (alarms) => cell.replace(Buffer.from(JSON.stringify(alarms))),
  };
}

function isStored(value: unknown): value is StoredAlarm {
  if (typeof value !== "object" || value === null) return false;
  const { name, at, active, sinceMs, evidence, by, shelvedUntilMs, keys } = value as Record<string, unknown>;
  return (
    typeof name === "string" &&
    ALARM_STATES.some((state) => state === at) &&
    typeof active === "boolean" &&
    Number.isFinite(sinceMs) &&
    typeof evidence === "string" &&
    (by === undefined || typeof by === "string") &&
    (shelvedUntilMs === undefined || Number.isFinite(shelvedUntilMs)) &&
    (keys === undefined ||
      (Array.isArray(keys) && keys.length <= SYSTEM_KEYS_MAX && keys.every((key) => typeof key === "string")))
  );
}

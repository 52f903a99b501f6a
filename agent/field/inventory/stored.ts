import type { Disk } from "../../../hal/disk.ts";
import { openCell } from "../../../hal/storage/cell.ts";
import type { Log } from "../../contract/log.ts";
import type { StoredBus } from "./bus-witness.ts";

/** All buses together: beyond this the flash would wear for what nobody reads. */
export const INVENTORY_BYTES_MAX = 2 * 1024 * 1024;

/** What was seen on every bus, across restarts. It helps people; nothing depends on it, so that a damaged one is just gone. */
export interface StoredInventory {
  read(): Promise<readonly StoredBus[]>;
  write(buses: readonly StoredBus[]): Promise<void>;
}

export function openStoredInventory(disk: Disk, log: Log): StoredInventory {
  const cell = openCell(disk, "inventory");
  const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  return {
    async read() {
      try {
        const bytes = await cell.read();
        if (bytes === undefined) return [];
        const stored: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
        return Array.isArray(stored) ? stored.filter(isStoredBus) : [];
      } catch (error) {
        log.warn("inventory.unreadable", { message: messageOf(error) });
        return [];
      }
    },
    async write(buses) {
      try {
        const kept: StoredBus[] = [];
        let bytes = 0;
        for (const bus of buses) {
          bytes += Buffer.byteLength(JSON.stringify(bus)) + 1;
          if (bytes < INVENTORY_BYTES_MAX) kept.push(bus);
        }
        await cell.replace(Buffer.from(JSON.stringify(kept)));
      } catch (error) {
        log.warn("inventory.not-stored", { message: messageOf(error) });
      }
    },
  };
}

/** Our own file: whole or absent, so that only its shape is asked for. */
function isStoredBus(value: unknown): value is StoredBus {
  if (typeof value !== "object" || value === null) return false;
  const { bus, place, sinceMs, units, requests } = value as Readonly<Record<string, unknown>>;
  const lists = Array.isArray(units) && Array.isArray(requests);
  return typeof bus === "string" && typeof place === "string" && typeof sinceMs === "number" && lists;
}

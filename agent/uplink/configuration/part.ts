import type { Disk } from "../../../hal/disk.ts";
import { openCell } from "../../../hal/storage/cell.ts";
import { Check } from "typebox/schema";
import type { UplinkSnapshot } from "../../config/snapshot.ts";
import { UplinkPart } from "./part-schema.ts";

export function isUplinkPart(value: unknown): value is UplinkSnapshot {
  return Check(UplinkPart, value);
}

export interface StoredPart {
  readonly digest: string;
  readonly part: UplinkSnapshot;
}

/** The last good configuration, so that an uplink that starts while `keeper` is down still works. */
export interface PartStore {
  read(): Promise<StoredPart | undefined>;
  replace(stored: StoredPart): Promise<void>;
}

export function openPartStore(disk: Disk): PartStore {
  const cell = openCell(disk, "config");
  return {
    async read() {
      const bytes = await cell.read();
      return bytes === undefined ? undefined : parse(Buffer.from(bytes).toString("utf8"));
    },
    replace: (stored) => cell.replace(Buffer.from(JSON.stringify(stored))),
  };
}

function parse(text: string): StoredPart | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("digest" in value) || !("part" in value)) return undefined;
  const { digest, part } = value;
  return typeof digest === "string" && isUplinkPart(part) ? { digest, part } : undefined;
}

import type { Disk } from "../../hal/disk.ts";
import { openCell } from "../../hal/storage/cell.ts";
import type { Cell } from "../../hal/storage/cell.ts";
import { snapshotDigest } from "../config/digest.ts";
import type { Snapshot } from "../config/snapshot.ts";
import { decodeConfigReport } from "../contract/decode.ts";
import type { ConfigReport } from "../contract/report.ts";

/** One thing that outlives a restart of `keeper`. */
export interface Kept<Value> {
  /** Undefined where there is none. @throws {HalError} as {@link Cell} @throws {SyntaxError} what is stored is not ours */
  read(): Promise<Value | undefined>;
  /** @throws {HalError} as {@link Cell}: the one before stays */
  replace(value: Value | undefined): Promise<void>;
}

/** Apart, since two configurations do not fit in one cell. */
export interface KeptConfigurations {
  /** what every room should run */
  readonly current: Kept<Snapshot>;
  /** what `field` ran before it */
  readonly before: Kept<Snapshot>;
  readonly report: Kept<ConfigReport>;
}

export function keptOn(disk: Disk): KeptConfigurations {
  return {
    current: keptIn(openCell(disk, "configuration"), decodeSnapshot),
    before: keptIn(openCell(disk, "configuration-before"), decodeSnapshot),
    report: keptIn(openCell(disk, "configuration-report"), decodeConfigReport),
  };
}

/** The shape a room relies on before it looks closer, and a digest that is the parts' own. */
export function decodeSnapshot(value: unknown): Snapshot | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { digest, field, uplink } = value as Partial<Record<keyof Snapshot, unknown>>;
  if (typeof field !== "object" || field === null || typeof uplink !== "object" || uplink === null) return undefined;
  return digest === snapshotDigest({ field, uplink }) ? (value as Snapshot) : undefined;
}

/** @param decode undefined for what is of another version, or damaged */
export function keptIn<Value>(cell: Cell, decode: (value: unknown) => Value | undefined): Kept<Value> {
  return {
    async read() {
      const bytes = await cell.read();
      const value: unknown = bytes === undefined ? null : JSON.parse(Buffer.from(bytes).toString("utf8"));
      if (value === null) return undefined;
      const decoded = decode(value);
      if (decoded === undefined) throw new SyntaxError("what is stored is of another version, or damaged");
      return decoded;
    },
    replace: (value) => cell.replace(Buffer.from(JSON.stringify(value ?? null))),
  };
}

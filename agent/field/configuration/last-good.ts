import type { Disk } from "../../../hal/disk.ts";
import { openCell } from "../../../hal/storage/cell.ts";
import type { FieldSnapshot } from "../../config/snapshot.ts";
import type { Log } from "../../contract/log.ts";
import { checkFieldSnapshot } from "./check.ts";

export interface Configuration {
  /** of the whole configuration; empty while there is none */
  readonly digest: string;
  readonly field: FieldSnapshot;
}

/** The last configuration that was taken: with it `field` starts alone. */
export interface LastGood {
  /** Undefined where there is none, or none that can be used: that is logged, never thrown. */
  read(): Promise<Configuration | undefined>;
  /** @throws {HalError} what the disk refuses; the one before stays */
  replace(configuration: Configuration): Promise<void>;
}

export function openLastGood(disk: Disk, log: Log): LastGood {
  const cell = openCell(disk, "last-good");
  return {
    async read() {
      try {
        const bytes = await cell.read();
        if (bytes === undefined) return undefined;
        const stored = JSON.parse(Buffer.from(bytes).toString("utf8")) as { digest?: unknown; field?: unknown } | null;
        const field = checkFieldSnapshot(stored?.field);
        return { digest: typeof stored?.digest === "string" ? stored.digest : "", field };
      } catch (error) {
        log.error("config.last-good-unusable", { message: error instanceof Error ? error.message : String(error) });
        return undefined;
      }
    },
    async replace(configuration) {
      await cell.replace(Buffer.from(JSON.stringify(configuration)));
    },
  };
}

import type { Cell } from "../../hal/storage/cell.ts";
import { snapshotDigest } from "../config/digest.ts";
import type { Snapshot } from "../config/snapshot.ts";
import type { ConfigReport } from "../contract/report.ts";
import type { Configured } from "../contract/rooms.ts";

export type ConfiguredRoom = "field" | "uplink";

/**
 * Which configuration the gateway runs, and why the newest offered one is not it. A new one is stored before it is
 * handed out; a room that refuses it brings the one before back, for both rooms.
 */
export interface Configurations {
  /** What every room should run; undefined before the first. */
  current(): Snapshot | undefined;
  /** Why the newest offered configuration is not the one running; null when it is. */
  report(): ConfigReport | null;
  /** @returns a refusal, or undefined once it is stored */
  offer(snapshot: unknown): Promise<Refusal | undefined>;
  /** A file that did not compile. */
  reportFile(report: ConfigReport): void;
  /** A room said what became of the configuration it was handed. */
  answered(room: ConfiguredRoom, answer: Configured): Promise<void>;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** @param changed called whenever `current` or `report` is another one */
export async function openConfigurations(cell: Cell, changed: () => void): Promise<Configurations> {
  const stored = await cell.read();
  let current = stored === undefined ? undefined : decodeSnapshot(parse(stored));
  let previous: Snapshot | undefined;
  let report: ConfigReport | null = null;
  const store = async (snapshot: Snapshot | undefined): Promise<void> => {
    await cell.replace(Buffer.from(JSON.stringify(snapshot ?? null)));
    current = snapshot;
  };
  return {
    current: () => current,
    report: () => report,
    async offer(offered) {
      const snapshot = decodeSnapshot(offered);
      if (snapshot === undefined) {
        return { code: "CONFIG_SNAPSHOT_MALFORMED", message: "not a snapshot that `holdfast config compile` wrote" };
      }
      report = null;
      if (snapshot.digest !== current?.digest) {
        previous = current;
        await store(snapshot);
      }
      changed();
      return undefined;
    },
    reportFile(newReport) {
      report = newReport;
      changed();
    },
    async answered(room, answer) {
      const refused = answer.refused;
      if (refused === undefined || refused.digest !== current?.digest) return;
      report = refusalReport(room, refused);
      const before = previous;
      previous = undefined;
      // without one before, none: handing the refused one out again would be refused again, for ever
      await store(before);
      changed();
    },
  };
}

/** The shape a room relies on before it looks closer, and a digest that is the parts' own. */
export function decodeSnapshot(value: unknown): Snapshot | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { digest, field, uplink } = value as Partial<Record<keyof Snapshot, unknown>>;
  if (typeof field !== "object" || field === null || typeof uplink !== "object" || uplink === null) return undefined;
  return digest === snapshotDigest({ field, uplink }) ? (value as Snapshot) : undefined;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

function refusalReport(room: ConfiguredRoom, refused: NonNullable<Configured["refused"]>): ConfigReport {
  const finding = {
    code: refused.code,
    line: 0,
    column: 0,
    path: room,
    message: refused.message,
    hint: "the configuration before stays in force; mend the file and apply it again",
  };
  return { file: "", findings: [finding] };
}

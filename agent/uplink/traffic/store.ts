import type { Disk } from "../../../hal/disk.ts";
import { openCell } from "../../../hal/storage/cell.ts";
import { Check } from "typebox/schema";
import { Traffic } from "../../contract/uplink-status.ts";
import type { Periods } from "./period.ts";

const integer = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const period = {
  type: "object",
  required: ["number", "elapsedMs", "used"],
  additionalProperties: false,
  properties: { number: integer, elapsedMs: { type: "number", minimum: 0 }, used: Traffic },
} as const;
const Stored = {
  type: "object",
  required: ["day", "month"],
  additionalProperties: false,
  properties: { day: period, month: period },
} as const;

/** What was used of a budget, kept over restarts. */
export interface TrafficStore {
  /** undefined where none was stored, or it does not read */
  read(): Promise<Periods | undefined>;
  replace(periods: Periods): Promise<void>;
}

export function openTrafficStore(disk: Disk): TrafficStore {
  const cell = openCell(disk, "traffic");
  return {
    async read() {
      const bytes = await cell.read();
      return bytes === undefined ? undefined : parse(Buffer.from(bytes).toString("utf8"));
    },
    replace: (periods) => cell.replace(Buffer.from(JSON.stringify(periods))),
  };
}

function parse(text: string): Periods | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Check(Stored, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

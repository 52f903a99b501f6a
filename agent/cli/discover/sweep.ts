import type { Answer, Probe } from "./probe.ts";
import { DiscoverError } from "./probe.ts";

/** How long a unit is waited for at first: twice what most devices need. */
const TIMEOUT_MS_FIRST = 150;
/** The longest that it grows to, where devices turn out to be slower. */
export const TIMEOUT_MS_MAX = 600;
/** Times the slowest answer so far. */
const PATIENCE = 2;
const READ_ONE: Uint8Array = Uint8Array.of(3, 0, 0, 0, 1);
const IDENTIFY: Uint8Array = Uint8Array.of(43, 14, 1, 0);

/** One unit that answered. */
export interface Found {
  readonly unit: number;
  readonly replyMs: number;
  /** what it refused the reading of one register with */
  readonly exception?: number;
  /** vendor, product and revision, where it was asked and says */
  readonly identity?: Readonly<Record<string, string>>;
}

/** How long looking for so many units takes at most, and where nobody is slow, in milliseconds. */
export function sweepMs(units: number, questionMs: number): { readonly usualMs: number; readonly mostMs: number } {
  return { usualMs: units * (questionMs + TIMEOUT_MS_FIRST), mostMs: units * (questionMs + TIMEOUT_MS_MAX) };
}

/**
 * Asks each unit for one register, and those that answer for who they are where that is wanted. What was found until
 * something goes wrong stays in `found`.
 * @throws {DiscoverError} `DISCOVER_TRAFFIC`, `DISCOVER_ABORTED`
 */
export async function sweep(
  probe: Probe,
  wanted: { readonly units: readonly number[]; readonly identify: boolean },
  found: Map<number, Found>,
  progress: (asked: number, found: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let timeoutMs = TIMEOUT_MS_FIRST;
  const take = ({ reply, tookMs }: Answer): void => {
    timeoutMs = Math.min(TIMEOUT_MS_MAX, Math.max(timeoutMs, PATIENCE * tookMs));
    const { unit, exception } = reply;
    if (found.has(unit)) return;
    found.set(unit, { unit, replyMs: Math.round(tookMs), ...(exception === undefined ? {} : { exception }) });
  };
  // its time cannot be told any more, only that it was too long
  probe.onLate = ({ reply }) => take({ reply, tookMs: timeoutMs });
  for (const [i, unit] of wanted.units.entries()) {
    heed(signal);
    const answer = await probe.ask(unit, READ_ONE, timeoutMs);
    if (answer !== undefined) take(answer);
    progress(i + 1, found.size);
  }
  if (!wanted.identify) return;
  for (const [unit, known] of found) {
    heed(signal);
    const answer = await probe.ask(unit, IDENTIFY, TIMEOUT_MS_MAX);
    if (answer?.reply.identity === undefined) continue;
    found.set(unit, { ...known, identity: named(answer.reply.identity) });
  }
}

/** @see Modbus application protocol V1.1b3 §6.21: the three that every device must have */
const OBJECTS = ["vendor", "product", "revision"] as const;

function named(identity: ReadonlyMap<number, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...identity].map(([object, text]) => [OBJECTS[object] ?? `object-${object}`, text]));
}

function heed(signal: AbortSignal): void {
  if (signal.aborted) throw new DiscoverError("DISCOVER_ABORTED", "stopped by Ctrl-C; the line is free again");
}

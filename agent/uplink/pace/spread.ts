import { createHash } from "node:crypto";
import type { FleetSnapshot, UplinkSnapshot } from "../../config/snapshot.ts";

/**
 * What gateways would otherwise do in the same instant: begin after power returned, return to a broker, look at a better
 * one, go where a primary host may be, be born again.
 */
export type Occasion = "start" | "reconnect" | "return" | "host" | "rebirth";

/** A host that waits for births asks again soon; they cost a broker far less than connections. */
const REBIRTH_WINDOW_MS_MAX = 5_000;
/** Standard deviations between the mean number of connections in a second and the most there may be. */
const DEVIATIONS = 5;
const FRACTION_BYTES = 6;

/**
 * When this gateway does what a whole fleet does at once. Drawn from its identity alone: gateways flashed from one image
 * may begin with the same chance, and never with the same name.
 */
export interface Spread {
  /** how long after the first of its fleet the last one connects; 0 where no fleet is named, or a small one */
  readonly fleetMs: number;
  /** before the first connection */
  readonly startMs: number;
  /** Before the next broker is tried because the primary host left the one before, the `time`th time. */
  hostMs(time: number): number;
  /** 0 inclusive to 1 exclusive; another one each time, so that nobody is always the last */
  fraction(occasion: Occasion, time: number): number;
  /** Before births that a host ordered, or waited for, the `time`th of them. */
  rebirthMs(time: number): number;
}

export function spreadOf({ site, device, fleet }: Pick<UplinkSnapshot, "site" | "device" | "fleet">): Spread {
  const fraction = (occasion: Occasion, time: number): number => {
    const digest = createHash("sha256").update(`${site}/${device} ${occasion} ${time}`).digest();
    return digest.readUIntBE(0, FRACTION_BYTES) / 256 ** FRACTION_BYTES;
  };
  const fleetMs = fleet === undefined ? 0 : fleetWindowMs(fleet);
  const rebirthWindowMs = Math.min(REBIRTH_WINDOW_MS_MAX, fleetMs);
  return {
    fleetMs,
    startMs: fraction("start", 0) * fleetMs,
    hostMs: (time) => fraction("host", time) * fleetMs,
    fraction,
    rebirthMs: (time) => fraction("rebirth", time) * rebirthWindowMs,
  };
}

/**
 * How long a fleet takes to connect so that no second sees more than `connectsPerSecond`. Gateways that draw their
 * moment evenly and know nothing of each other come as a Poisson process does: m in the mean second, and more than
 * m + 5 √m in a few of a million. Solved for m, the window is gateways / m.
 */
export function fleetWindowMs({ gateways, connectsPerSecond }: FleetSnapshot): number {
  if (gateways <= connectsPerSecond) return 0;
  const root = (Math.sqrt(DEVIATIONS ** 2 + 4 * connectsPerSecond) - DEVIATIONS) / 2;
  return (gateways / root ** 2) * 1_000;
}

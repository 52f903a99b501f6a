import { HalError } from "../../../hal/error.ts";
import type { KeyExchange } from "../credentials.ts";
import { UplinkError } from "../mqtt/fault.ts";

/** Hybrid handshakes in a row that stall on a way before X25519 alone is tried there. */
export const STALLS_MAX = 3;
/** How long X25519 alone serves before the hybrid is tried again. */
export const RETRY_HYBRID_MS = 24 * 3_600_000;

/**
 * What is known of the hybrid key exchange on one way. Its first flight is longer than one packet, and some middleboxes
 * drop or reset what they have never seen.
 * - `offered`: with so many stalls in a row
 * - `suspected`: the next attempt offers X25519 alone, to see whether the hybrid was to blame
 * - `stalled`: it was; from `retryMs` of the monotonic clock on it is tried again
 */
export type Hybrid =
  | { readonly at: "offered"; readonly stalls: number }
  | { readonly at: "suspected" }
  | { readonly at: "stalled"; readonly retryMs: number };

export const HYBRID_OFFERED: Hybrid = { at: "offered", stalls: 0 };

/** What the next handshake on this way offers. */
export function keyExchangeOf(hybrid: Hybrid, hybridOnly: boolean, nowMs: number): KeyExchange {
  if (hybridOnly || hybrid.at === "offered") return "hybrid";
  return hybrid.at === "stalled" && nowMs >= hybrid.retryMs ? "hybrid" : "classical";
}

/** What a handshake that offered `offered` came to teach. One that TCP never reached teaches nothing. */
export function afterHandshake(
  hybrid: Hybrid,
  offered: KeyExchange,
  result: "done" | "stalled" | "other",
  nowMs: number,
): Hybrid {
  if (result === "other") return hybrid;
  if (offered === "classical") {
    if (hybrid.at !== "suspected") return hybrid;
    // X25519 alone stalls as well: it is the broker or the way, and nothing was learnt about the hybrid
    return result === "done" ? { at: "stalled", retryMs: nowMs + RETRY_HYBRID_MS } : HYBRID_OFFERED;
  }
  if (result === "done") return HYBRID_OFFERED;
  if (hybrid.at === "stalled") return { at: "stalled", retryMs: nowMs + RETRY_HYBRID_MS };
  if (hybrid.at === "suspected") return hybrid;
  return hybrid.stalls + 1 < STALLS_MAX ? { at: "offered", stalls: hybrid.stalls + 1 } : { at: "suspected" };
}

/** Whether a handshake ended without a word of TLS from the other side: silence, or a connection broken off. */
export function isStall(error: unknown): boolean {
  if (error instanceof UplinkError) return error.code === "UPLINK_TLS_TIMEOUT";
  if (!(error instanceof HalError) || error.code !== "HAL_TLS_FAILED") return false;
  const code = error.cause instanceof Error && "code" in error.cause ? error.cause.code : undefined;
  return !(typeof code === "string" && code.startsWith("ERR_"));
}

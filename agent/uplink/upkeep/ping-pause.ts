/** A pause becomes this much shorter where it was too long for the way, and as much longer where it may not be. */
const STEP = 0.75;
/** A pause that held for so long may be too short: the next longer one is tried. */
export const LONGER_AFTER_MS = 24 * 3_600_000;
/** How much rarer a longer pause is tried where it failed again and again, since each costs a connection. */
const PATIENCE_MAX = 16;
/** Shorter silences are nobody's idle timeout: RFC 5382 asks a NAT for two hours, the worst forget after half a minute. */
const SILENCE_S_MIN = 10;

/** What is known of how long a connection on one way may be silent. */
export interface PingPause {
  /** seconds of silence after which PINGREQ is sent */
  readonly pingS: number;
  /** The silence after which the last connection was found dead. Whether the way or the silence was to blame shows soon. */
  readonly suspectS?: number;
  /** the pause before, while a longer one is being tried */
  readonly provenS?: number;
  /** days until the next longer pause is tried */
  readonly patience: number;
}

export interface PingBounds {
  /** as CONNECT declares it */
  readonly keepaliveS: number;
  readonly keepaliveSMin: number;
}

export function firstPingPause({ keepaliveS }: PingBounds): PingPause {
  return { pingS: keepaliveS, patience: 1 };
}

/** A connection was found dead after `silenceS` without a byte; 0 where it was not silent. */
export function afterDeath(known: PingPause, silenceS: number): PingPause {
  const { suspectS: _, ...rest } = known;
  return silenceS < SILENCE_S_MIN ? rest : { ...rest, suspectS: silenceS };
}

/**
 * The next attempt on the way: opened at once, it was the silence that killed the connection before; failed, it was the
 * way, and silence is not to blame.
 */
export function afterAttempt(known: PingPause, opened: boolean, { keepaliveSMin }: PingBounds): PingPause {
  const { suspectS, provenS, ...rest } = known;
  if (suspectS === undefined) return known;
  if (!opened) return provenS === undefined ? rest : { ...rest, provenS };
  const shorter = Math.max(keepaliveSMin, Math.floor(Math.min(suspectS, known.pingS) * STEP));
  if (provenS === undefined) return { ...rest, pingS: Math.min(known.pingS, shorter) };
  return { pingS: provenS, patience: Math.min(PATIENCE_MAX, known.patience * 2) };
}

/** Whether a pause that held for `heldMs` on one connection is to be made longer now, and to what. */
export function longerPause(known: PingPause, heldMs: number, { keepaliveS }: PingBounds): PingPause | undefined {
  if (known.pingS >= keepaliveS || heldMs < known.patience * LONGER_AFTER_MS) return undefined;
  const pingS = Math.min(keepaliveS, Math.ceil(known.pingS / STEP));
  return { pingS, provenS: known.pingS, patience: known.patience };
}

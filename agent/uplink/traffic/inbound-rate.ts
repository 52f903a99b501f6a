import type { BrokerSnapshot } from "../../config/snapshot.ts";

/** What a broker takes in a second. */
export interface InboundRate {
  /** Whether another packet may go. */
  allows(nowMs: number): boolean;
  /** A packet went; those that had to go regardless are paid for by the ones after them. */
  took(bytes: number, nowMs: number): void;
}

type Rates = Pick<BrokerSnapshot, "publishesPerSecondMax" | "bytesPerSecondMax" | "packetBytesMax">;

/**
 * Never more in any second than the broker takes in one: what is saved up between two rounds, what a second refills, and
 * the one packet that may begin with next to nothing left add up to that.
 * @param publishMs between two rounds
 */
export function inboundRate(
  { publishesPerSecondMax, bytesPerSecondMax, packetBytesMax }: Rates,
  publishMs: number,
): InboundRate {
  const roundS = publishMs / 1_000;
  const buckets = [
    bucket(publishesPerSecondMax, roundS, 1, () => 1),
    bucket(bytesPerSecondMax, roundS, packetBytesMax, (bytes) => bytes),
  ];
  return {
    allows: (nowMs) => buckets.every((one) => one.allows(nowMs)),
    took(bytes, nowMs) {
      for (const one of buckets) one.took(bytes, nowMs);
    },
  };
}

function bucket(
  perSecond: number | undefined,
  roundS: number,
  costMax: number,
  costOf: (bytes: number) => number,
): InboundRate {
  if (perSecond === undefined) return { allows: () => true, took() {} };
  const steady = perSecond - Math.min(costMax, perSecond / 2);
  const refill = steady / (1 + roundS);
  const size = steady - refill;
  let level = size;
  let filledMs: number | undefined;
  const fill = (nowMs: number): void => {
    level = Math.min(size, level + ((nowMs - (filledMs ?? nowMs)) / 1_000) * refill);
    filledMs = nowMs;
  };
  return {
    allows(nowMs) {
      fill(nowMs);
      return level > 0;
    },
    took(bytes, nowMs) {
      fill(nowMs);
      level -= costOf(bytes);
    },
  };
}

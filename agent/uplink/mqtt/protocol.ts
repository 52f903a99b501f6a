import type { BrokerSnapshot } from "../../config/snapshot.ts";

export type ProtocolVersion = "5" | "3.1.1";

/** Which MQTT version the next CONNECT speaks. */
export interface ProtocolChoice {
  next(): ProtocolVersion;
  /** A connection opened with `next`. */
  worked(): void;
  /** The broker refused the version. True where another is worth an attempt at once. */
  refused(version: ProtocolVersion): boolean;
  /** The broker hung up on CONNECT without a word, as some do on a version they do not know. */
  hungUp(version: ProtocolVersion): void;
}

/** Hang-ups in a row after which what worked once is no longer believed: another broker may stand there now. */
export const HANG_UPS_MAX = 3;

/** `auto` begins with 5 and keeps to what worked; nothing that matters for security depends on the answer. */
export function protocolChoice(wanted: BrokerSnapshot["protocol"]): ProtocolChoice {
  let current: ProtocolVersion = wanted === "3.1.1" ? "3.1.1" : "5";
  let hangUpsLeft = 0;
  const other = (version: ProtocolVersion): ProtocolVersion => (version === "5" ? "3.1.1" : "5");
  return {
    next: () => current,
    worked() {
      hangUpsLeft = HANG_UPS_MAX - 1;
    },
    refused(version) {
      if (wanted !== "auto") return false;
      hangUpsLeft = 0;
      current = other(version);
      return version === "5";
    },
    hungUp(version) {
      if (wanted !== "auto") return;
      if (hangUpsLeft > 0) hangUpsLeft -= 1;
      else current = other(version);
    },
  };
}

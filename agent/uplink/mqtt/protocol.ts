import type { BrokerSnapshot } from "../../config/snapshot.ts";

export type ProtocolVersion = "5" | "3.1.1";

/** Which MQTT version the next CONNECT speaks. */
export interface ProtocolChoice {
  next(): ProtocolVersion;
  worked(version: ProtocolVersion): void;
  /** The broker refused the version. True where another is worth an attempt at once. */
  refused(version: ProtocolVersion): boolean;
  /** The broker hung up on CONNECT without a word, as some do on a version they do not know. */
  hungUp(version: ProtocolVersion): void;
}

/** `auto` begins with 5 and keeps to what worked; nothing that matters for security depends on the answer. */
export function protocolChoice(wanted: BrokerSnapshot["protocol"]): ProtocolChoice {
  let current: ProtocolVersion = wanted === "3.1.1" ? "3.1.1" : "5";
  let proven = wanted !== "auto";
  const other = (version: ProtocolVersion): ProtocolVersion => (version === "5" ? "3.1.1" : "5");
  return {
    next: () => current,
    worked() {
      proven = true;
    },
    refused(version) {
      if (wanted !== "auto") return false;
      proven = false;
      current = other(version);
      return version === "5";
    },
    hungUp(version) {
      if (!proven) current = other(version);
    },
  };
}

import type { X509Certificate } from "node:crypto";
import type { TlsFacts } from "../../contract/uplink-status.ts";
import type { UplinkErrorCode } from "./fault.ts";
import type { Welcome } from "./welcome.ts";

/** The way to an open connection, in its order; `proxy` and `websocket` only where the broker is reached so. */
export type Step = "tcp" | "proxy" | "tls" | "websocket" | "mqtt" | "subscribe";

/** What came of a step that was taken. */
export type StepTaken =
  | { readonly step: "tcp"; readonly localAddress: string; readonly remoteAddress: string }
  | { readonly step: "proxy" | "websocket" }
  | { readonly step: "tls"; readonly facts: TlsFacts; readonly peer: X509Certificate | undefined }
  | { readonly step: "mqtt"; readonly welcome: Welcome }
  | { readonly step: "subscribe"; readonly refused: readonly string[] };

/** Told of each step as it begins and as it is taken; the one that began last is where a failure stands. */
export interface StepWatch {
  begun(step: Step): void;
  taken(taken: StepTaken): void;
  /** What was reached proved not to be the broker; another address of its name is tried. */
  missed?(error: unknown): void;
}

/** What it means that the time was over during a step. */
export const TIMEOUTS: Readonly<Record<Step, UplinkErrorCode>> = {
  tcp: "UPLINK_TCP_TIMEOUT",
  proxy: "UPLINK_PROXY_TIMEOUT",
  tls: "UPLINK_TLS_TIMEOUT",
  websocket: "UPLINK_WEBSOCKET_TIMEOUT",
  mqtt: "UPLINK_CONNACK_TIMEOUT",
  subscribe: "UPLINK_SUBACK_TIMEOUT",
};

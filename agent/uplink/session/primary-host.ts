import type { WallReading } from "../../../hal/clock.ts";
import type { PrimaryHost as PrimaryHostStatus } from "../../contract/uplink-status.ts";
import { stateTopic } from "../sparkplug/topic.ts";

/** `{"online":true,"timestamp":…}` takes 40 bytes; hosts may add members of their own. */
export const STATE_BYTES_MAX = 4_096;
/** A STATE from further ahead than this would silence every honest one after it; only a trusted clock can tell. */
export const STATE_AHEAD_MS_MAX = 24 * 3_600_000;
/** The last instant that a date can name. */
const UNIX_MS_MAX = 8.64e15;

/** What a STATE message came to. */
export type Heard =
  | "online"
  | "offline"
  | "older" // than the newest one heard over this broker: ignored
  | "malformed"
  | "oversize";

/**
 * What one broker says of the host application without which nothing is published. Whether it is online is known per
 * connection; the newest timestamp is remembered over connections, since a host keeps one for each broker.
 * @see Sparkplug B 3.0 §5.4 (Edge Node Session Establishment), §5.10 (multiple servers)
 */
export interface PrimaryHost {
  readonly id: string;
  readonly topic: string;
  readonly state: PrimaryHostStatus["state"];
  /** A new connection: whatever the broker retains will be said again. */
  connected(): void;
  /** Takes a message on {@link topic}. */
  hear(payload: Uint8Array, now: WallReading): Heard;
  /** Calls back whenever `state` may have changed, until disposed; one listener at a time. */
  watch(changed: () => void): Disposable;
}

export function primaryHost(id: string): PrimaryHost {
  let state: PrimaryHostStatus["state"] = "unknown";
  let newestMs = Number.NEGATIVE_INFINITY;
  let changed: (() => void) | undefined;
  return {
    id,
    topic: stateTopic(id),
    get state() {
      return state;
    },
    connected() {
      state = "unknown";
    },
    hear(payload, now) {
      if (payload.length > STATE_BYTES_MAX) return "oversize";
      const said = readState(payload);
      if (said === undefined) return "malformed";
      if (now.trust === "trusted" && said.timestamp > now.unixMs + STATE_AHEAD_MS_MAX) return "malformed";
      if (said.timestamp < newestMs) return "older";
      newestMs = said.timestamp;
      state = said.online ? "online" : "offline";
      changed?.();
      return state;
    },
    watch(listener) {
      changed = listener;
      return {
        [Symbol.dispose]() {
          if (changed === listener) changed = undefined;
        },
      };
    },
  };
}

function readState(payload: Uint8Array): { readonly online: boolean; readonly timestamp: number } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload).toString("utf8"));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("online" in value) || !("timestamp" in value)) return undefined;
  const { online, timestamp } = value;
  if (typeof online !== "boolean" || typeof timestamp !== "number") return undefined;
  return timestamp >= 0 && timestamp <= UNIX_MS_MAX ? { online, timestamp } : undefined;
}

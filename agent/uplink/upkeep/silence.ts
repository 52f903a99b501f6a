import type { Crossed } from "../traffic/counted-network.ts";

/** How long a connection was silent before what it sent last, as long as nothing answers that. */
export interface Silence {
  /** Looked at so often that two looks apart is no silence. */
  look(crossed: Crossed, nowMs: number): void;
  /** When something was last heard. */
  receivedMs(): number;
  /** The longest silence that something was sent after without any answer; 0 where there is none such. */
  unansweredMs(): number;
}

export function silence(startMs: number): Silence {
  let known: Crossed = { sent: 0, received: 0 };
  let activeMs = startMs;
  let receivedMs = startMs;
  let unansweredMs = 0;
  return {
    look(crossed, nowMs) {
      const { sent, received } = known;
      known = crossed;
      if (crossed.received > received) {
        unansweredMs = 0;
        receivedMs = nowMs;
      } else if (crossed.sent > sent) unansweredMs = Math.max(unansweredMs, nowMs - activeMs);
      if (crossed.received > received || crossed.sent > sent) activeMs = nowMs;
    },
    receivedMs: () => receivedMs,
    unansweredMs: () => unansweredMs,
  };
}

import type { Clock } from "../../../hal/clock.ts";
import { payloadBytesMax } from "../session/wire.ts";
import type { Wire } from "../session/wire.ts";

/** A retained topic follows its facts this often at most. */
export const RETAINED_PERIOD_MS = 1_000;

/** Keeps one retained topic equal to its facts, on one connection. */
export interface RetainedTopic {
  /** The facts may have changed; called every publishing period. */
  round(): void;
}

/**
 * @param facts compared value by value, so that an object in them is another fact only where it is another object
 * @param encode the message, in at most that many bytes
 */
export function retainedTopic<Facts extends object>(
  clock: Pick<Clock, "monotonicMs" | "wall">,
  wire: Wire,
  topic: string,
  facts: () => Facts,
  encode: (facts: Facts, timeMs: number, bytesMax: number) => Uint8Array,
): RetainedTopic {
  let said: Facts | undefined;
  let saidMs = Number.NEGATIVE_INFINITY;
  return {
    round() {
      const nowMs = clock.monotonicMs();
      if (nowMs - saidMs < RETAINED_PERIOD_MS) return;
      const now = facts();
      if ((said !== undefined && sameFacts(said, now)) || !wire.allows("management")) return;
      said = now;
      saidMs = nowMs;
      const bytes = encode(now, clock.wall().unixMs, payloadBytesMax(wire, topic));
      wire.publishAcknowledged(topic, bytes, true, () => {});
    },
  };
}

function sameFacts<Facts extends object>(a: Facts, b: Facts): boolean {
  return (Object.keys(a) as (keyof Facts)[]).every((key) => a[key] === b[key]);
}

import type { Clock } from "../../../hal/clock.ts";
import { HEALTH_EXPIRY_PERIODS, HEALTH_PERIOD_S } from "../../contract/health.ts";
import type { HealthMessage } from "../../contract/health.ts";
import { tokenBucket } from "../pace/token-bucket.ts";
import { payloadBytesMax } from "../session/wire.ts";
import type { Wire } from "../session/wire.ts";

/** How often the facts are looked at. */
const LOOK_MS = 1_000;
/** Changes told at once when much happens. */
const CHANGES_AT_ONCE = 4;
/** After those one in this time, so that a device that comes and goes all day costs less than a megabyte. */
const CHANGE_PERIOD_MS = 60_000;

export type HealthFacts = Omit<HealthMessage, "online" | "timeMs" | "periodS">;

/** Keeps the retained health true, on one connection. */
export interface HealthTopic {
  /** Called every publishing period. */
  round(): void;
  /**
   * The gateway leaves this broker on purpose: said whatever the budget, since nobody says it later; not where it never
   * said that it is there, since NBIRTH comes before anything else.
   */
  goodbye(): void;
}

/**
 * Said on connecting, when something changed that needs an eye, and each {@link HEALTH_PERIOD_S}. Counts that only move
 * with traffic, such as the depth of the queue, ride along and are no reason to speak.
 */
export function healthTopic(
  clock: Pick<Clock, "monotonicMs" | "wall">,
  wire: Wire,
  topic: string,
  facts: () => HealthFacts,
): HealthTopic {
  const may = tokenBucket(CHANGES_AT_ONCE, CHANGES_AT_ONCE * CHANGE_PERIOD_MS);
  let said: string | undefined;
  let saidMs = 0;
  let lookedMs = Number.NEGATIVE_INFINITY;
  const publish = (now: HealthFacts, online: boolean): void => {
    said = substance(now);
    saidMs = clock.monotonicMs();
    const message: HealthMessage = { online, timeMs: clock.wall().unixMs, periodS: HEALTH_PERIOD_S, ...now };
    // one that said goodbye stays away until it is back; one that died is forgotten by a broker that can
    const expiryS = online ? HEALTH_PERIOD_S * HEALTH_EXPIRY_PERIODS : undefined;
    wire.publishAcknowledged(topic, healthBytes(message, payloadBytesMax(wire, topic)), true, () => {}, expiryS);
  };
  return {
    round() {
      const nowMs = clock.monotonicMs();
      if (nowMs - lookedMs < LOOK_MS) return;
      lookedMs = nowMs;
      const now = facts();
      const due = nowMs - saidMs >= HEALTH_PERIOD_S * 1_000;
      if (said === substance(now) && !due) return;
      if (!wire.allows("management") || !(may(nowMs) || due)) return;
      publish(now, true);
    },
    goodbye() {
      if (said !== undefined) publish(facts(), false);
    },
  };
}

/** The message; of more fault codes than a packet holds the last ones are left out. */
function healthBytes(message: HealthMessage, bytesMax: number): Buffer {
  const faults = Object.entries(message.field?.faults ?? {});
  for (let kept = faults.length; ; kept--) {
    const { field } = message;
    const fitting =
      field === undefined ? {} : { field: { ...field, faults: Object.fromEntries(faults.slice(0, kept)) } };
    const bytes = Buffer.from(JSON.stringify({ ...message, ...fitting }));
    if (bytes.length <= bytesMax || kept <= 0) return bytes;
  }
}

/** What somebody would act on. */
function substance({ clock, rooms, field, uplink }: HealthFacts): string {
  const { buses, devices, faults } = field ?? {};
  return JSON.stringify([clock, rooms, buses, devices, faults, uplink]);
}

import type { Clock } from "../../hal/clock.ts";
import { FRAME_BYTES_MAX } from "../contract/channel.ts";
import type { FieldStatusReply, StatusQuery } from "../contract/rooms.ts";
import type { FieldStatus } from "../contract/status.ts";
import type { Bus } from "./bus/bus.ts";
import type { Configurator } from "./configuration/configurator.ts";
import type { Outbox } from "./outbox/outbox.ts";

export interface StatusParts {
  readonly bootId: string;
  readonly clock: Clock;
  readonly configurator: Configurator;
  readonly outbox: Outbox;
  readonly buses: readonly Bus[];
}

/** How the field is doing. Points are left out where they were not asked for, or do not fit one message. */
export function fieldStatusReply(query: StatusQuery, parts: StatusParts): FieldStatusReply {
  const reply = (points: boolean): FieldStatusReply => ({
    kind: "field-status",
    id: query.id,
    status: fieldStatus(parts, points),
  });
  const whole = reply(query.points);
  if (!query.points || Buffer.byteLength(JSON.stringify(whole)) <= FRAME_BYTES_MAX) return whole;
  return reply(false);
}

function fieldStatus({ bootId, clock, configurator, outbox, buses }: StatusParts, points: boolean): FieldStatus {
  return {
    bootId,
    configDigest: configurator.digest,
    clockTrust: clock.wall().trust,
    queue: {
      values: outbox.values,
      valuesMax: outbox.valuesMax,
      dropped: outbox.droppedCount,
      sampled: outbox.sampledCount,
      acknowledged: outbox.acknowledgedCount,
    },
    buses: buses.map((bus) => bus.status(points)),
  };
}

import type { Clock } from "../../hal/clock.ts";
import { FRAME_BYTES_MAX } from "../contract/channel.ts";
import type { FieldStatusReply, StatusQuery } from "../contract/rooms.ts";
import type { FieldStatus } from "../contract/status.ts";
import type { Bus } from "./bus/bus.ts";
import type { Configurator } from "./configuration/configurator.ts";
import type { Alarms } from "./alarms/alarms.ts";
import type { Housing } from "./io/housing.ts";
import type { LocalPart } from "./local-sources.ts";
import type { Outbox } from "./outbox/outbox.ts";
import type { Outputs } from "./outputs/outputs.ts";
import { pointStatus } from "./points/status.ts";

export interface StatusParts {
  readonly bootId: string;
  readonly clock: Clock;
  readonly configurator: Configurator;
  readonly outbox: Outbox;
  readonly buses: readonly Bus[];
  readonly local: readonly LocalPart[];
  readonly outputs: Outputs;
  readonly alarms: Alarms;
  readonly housing: Housing;
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

function fieldStatus(parts: StatusParts, points: boolean): FieldStatus {
  const { bootId, clock, configurator, outbox, buses, local, outputs, alarms, housing } = parts;
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
    ...localStatus(local, points),
    ...present("outputs", outputs.status()),
    ...present("alarms", alarms.status()),
    ...present("io", housing.status()),
  };
}

function localStatus(local: readonly LocalPart[], points: boolean): Pick<FieldStatus, "local"> {
  const sources = local.flatMap((part) => part.sources);
  if (sources.length === 0) return {};
  return { local: sources.map(({ name, points: all }) => ({ name, points: points ? all.map(pointStatus) : [] })) };
}

function present<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: Value });
}

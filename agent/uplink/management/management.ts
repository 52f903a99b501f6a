import type { Clock } from "../../../hal/clock.ts";
import type { ManagementIdentity, VersionMessage } from "../../contract/mqtt.ts";
import { managementTopic } from "../../contract/mqtt.ts";
import type { Wire } from "../session/wire.ts";
import type { UplinkState } from "../state.ts";
import { configBytes } from "./config-report.ts";
import { healthTopic } from "./health.ts";
import type { HealthFacts } from "./health.ts";
import { retainedTopic } from "./retained-topic.ts";

export interface ManagementParts {
  readonly clock: Pick<Clock, "monotonicMs" | "wall">;
  readonly version: string;
  readonly runtime: string;
  readonly state: UplinkState;
  readonly telemetry: { readonly bootId: string };
}

/**
 * What the gateway says about itself beside its telemetry, on one connection. It begins after the births: NBIRTH is the
 * first message of an edge node, whatever the namespace.
 */
export interface Management {
  /** Says what is new; called every publishing period, and once when the births are out. */
  round(): void;
  /** To be called before a deliberate DISCONNECT, and before the NDEATH: the health then says so, for ever. */
  goodbye(): void;
}

/** @param bdSeq of the connection's Will, which is the last will of this namespace, too */
export function openManagement(parts: ManagementParts, id: ManagementIdentity, bdSeq: number, wire: Wire): Management {
  const { clock, state, version, runtime, telemetry } = parts;
  const health = healthTopic(clock, wire, managementTopic(id, "health"), () => healthOf(parts, bdSeq));
  const topics = [
    health,
    retainedTopic(clock, wire, managementTopic(id, "version"), versionFacts, encode),
    retainedTopic(clock, wire, managementTopic(id, "config"), configFacts, configBytes),
  ];
  function versionFacts(): Omit<VersionMessage, "timeMs"> {
    return { version, runtime, bootId: telemetry.bootId, configDigest: state.configDigest };
  }
  function configFacts() {
    return { configDigest: state.configDigest, configReport: state.configReport };
  }
  return {
    round() {
      for (const topic of topics) topic.round();
    },
    goodbye: () => health.goodbye(),
  };
}

function healthOf({ clock, state }: ManagementParts, bdSeq: number): HealthFacts {
  const { fieldFacts, keeperLinked, lastFault } = state;
  return {
    bdSeq,
    clock: clock.wall().trust,
    rooms: { field: fieldFacts === undefined ? "away" : "running", keeper: keeperLinked ? "running" : "away" },
    ...(fieldFacts === undefined ? {} : { field: fieldFacts }),
    uplink: {
      connects: state.connects,
      writesRefused: state.writesRefused,
      rebirthsRefused: state.rebirthsRefused,
      malformedMessages: state.malformedMessages,
      oversizeMessages: state.oversizeMessages,
      ...(lastFault === undefined ? {} : { lastFault: { code: lastFault.code, timeMs: lastFault.timeMs } }),
    },
  };
}

function encode(facts: Omit<VersionMessage, "timeMs">, timeMs: number): Buffer {
  const message: VersionMessage = { ...facts, timeMs };
  return Buffer.from(JSON.stringify(message));
}

import type { XStatic } from "typebox/schema";
import { ALARM_SINKS_MAX } from "./alarm-sinks.ts";
import { NAME_CHARS_MAX } from "./telemetry.ts";

const bootId = { type: "string", minLength: 1, maxLength: 64 } as const;

/** How far one receiver of alarms is in the events of one boot. */
const alarmCursor = {
  type: "object",
  additionalProperties: false,
  required: ["name", "sequence", "lost"],
  properties: {
    name: { type: "string", minLength: 1, maxLength: NAME_CHARS_MAX },
    /** it has everything up to this one or has lost it; -1: nothing yet */
    sequence: { type: "integer", minimum: -1, maximum: Number.MAX_SAFE_INTEGER },
    /** of the losses up to there, and of boots before, those that it has not been told */
    lost: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  },
} as const;
export type AlarmCursor = XStatic<typeof alarmCursor>;

const receivers = { type: "array", maxItems: ALARM_SINKS_MAX, items: alarmCursor } as const;

/**
 * field → uplink. What the uplink before said of its receivers, ahead of the first event of each connection: an uplink
 * that was restarted goes on where it was, repeats nothing and forgets no loss.
 */
export const AlarmReceivers = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "bootId", "receivers"],
  properties: { kind: { const: "alarm-receivers" }, bootId, receivers },
} as const;
export type AlarmReceivers = XStatic<typeof AlarmReceivers>;

/**
 * uplink → field. Every receiver has all events up to `sequence`, or has lost them and counted that: they may be
 * forgotten; -1: none of them. What each receiver has goes with it, for the uplink after this one.
 */
export const AlarmEventsTaken = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "bootId", "sequence", "receivers"],
  properties: {
    kind: { const: "alarm-events-taken" },
    bootId,
    sequence: alarmCursor.properties.sequence,
    receivers,
  },
} as const;
export type AlarmEventsTaken = XStatic<typeof AlarmEventsTaken>;

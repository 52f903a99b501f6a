import type { XStatic } from "typebox/schema";
import { NAME_CHARS_MAX } from "./telemetry.ts";

/** Alarm rules a gateway may have, beside those of the gateway itself. */
export const ALARMS_MAX = 5_000;
/** Alarms listed in one status: those that are not normal, the most urgent first. */
export const ALARMS_SHOWN_MAX = 200;
/** Alarm events `field` keeps until `uplink` has delivered them or given them up. */
export const ALARM_EVENTS_MAX = 1_000;

const name = { type: "string", minLength: 1, maxLength: NAME_CHARS_MAX } as const;
const text = { type: "string", maxLength: 512 } as const;
const count = { type: "integer", minimum: 0 } as const;
const sequence = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const unixMs = { type: "number" } as const;
const priority = { enum: ["critical", "high", "medium", "low"] } as const;

/**
 * Where an alarm is. `raised` and `returned` wait for somebody's acknowledgement, `acknowledged` still lasts.
 * @see IEC 62682 §10 (alarm state transition)
 */
export const ALARM_STATES = ["normal", "raised", "acknowledged", "returned", "shelved", "suppressed"] as const;
export type AlarmState = (typeof ALARM_STATES)[number];
const state = { enum: ALARM_STATES } as const;

/**
 * Alarms of the gateway itself: each may stand for several keys, such as buses, at a time. They need no configuration,
 * and `alarms.system` may turn each off.
 */
export const SYSTEM_ALARMS = {
  "second-master": "high",
  "unexpected-unit": "medium",
  "unplanned-write": "critical",
  "changed-register-map": "medium",
  "wrong-device": "high",
  "plan-due": "high",
  "plan-incomplete": "critical",
  "outputs-held": "low",
  "no-communication-loss-timer": "low",
  tamper: "high",
  "service-port": "medium",
} as const;
export type SystemAlarm = keyof typeof SYSTEM_ALARMS;

/** Metrics beside those of the alarms: how many stand, and how many of all wait for somebody's acknowledgement. */
export const ALARM_COUNTS = ["raised", "unacknowledged"] as const;

export const ALARM_ACTIONS = ["acknowledge", "shelve", "unshelve"] as const;
export type AlarmAction = (typeof ALARM_ACTIONS)[number];

const texts = {
  type: "object",
  additionalProperties: false,
  required: ["en"],
  properties: { en: text, de: text },
} as const;

const AlarmStatus = {
  type: "object",
  additionalProperties: false,
  required: ["name", "priority", "state", "active", "text", "evidence", "sinceMs", "raisedCount"],
  properties: {
    name,
    priority,
    state,
    /** whether the condition holds now, shelved or not */
    active: { type: "boolean" },
    text: texts,
    /** values and limits at the latest change, in the gateway's own words */
    evidence: text,
    /** of the state */
    sinceMs: unixMs,
    raisedCount: count,
    by: text,
    shelvedUntilMs: unixMs,
  },
} as const;
export type AlarmStatus = XStatic<typeof AlarmStatus>;

export const AlarmsStatus = {
  type: "object",
  additionalProperties: false,
  required: ["total", "counts", "shown"],
  properties: {
    total: count,
    counts: {
      type: "object",
      additionalProperties: false,
      required: ["raised", "acknowledged", "returned", "shelved", "suppressed"],
      properties: { raised: count, acknowledged: count, returned: count, shelved: count, suppressed: count },
    },
    shown: { type: "array", maxItems: ALARMS_SHOWN_MAX, items: AlarmStatus },
  },
} as const;
export type AlarmsStatus = XStatic<typeof AlarmsStatus>;

/** field → uplink. An alarm changed its state; in order, each again after a lost connection until it is `alarm-events-taken`. */
export const AlarmEvent = {
  type: "object",
  additionalProperties: false,
  required: [
    "kind",
    "bootId",
    "sequence",
    "lost",
    "alarm",
    "priority",
    "from",
    "to",
    "text",
    "evidence",
    "timeMs",
    "trust",
  ],
  properties: {
    kind: { const: "alarm-event" },
    bootId: { type: "string", minLength: 1, maxLength: 64 },
    /** from 0 in each boot */
    sequence,
    /** events before this one that were pushed out of a full queue since boot */
    lost: count,
    alarm: name,
    priority,
    from: state,
    to: state,
    text: texts,
    evidence: text,
    /** who acknowledged or shelved it */
    by: text,
    timeMs: unixMs,
    trust: { enum: ["untrusted", "bounded", "trusted"] },
  },
} as const;
export type AlarmEvent = XStatic<typeof AlarmEvent>;

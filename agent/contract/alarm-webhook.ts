import type { XStatic } from "typebox/schema";
import { ALARM_STATES } from "./alarms.ts";
import { NAME_CHARS_MAX } from "./telemetry.ts";

const name = { type: "string", minLength: 1, maxLength: NAME_CHARS_MAX } as const;
const text = { type: "string", maxLength: 512 } as const;
const state = { enum: ALARM_STATES } as const;
const count = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;

/** What a webhook is sent: one alarm event. Keys may be added; none changes its meaning while `schema` stays. */
export const AlarmWebhook = {
  type: "object",
  additionalProperties: false,
  required: [
    "schema",
    "site",
    "device",
    "alarm",
    "priority",
    "from",
    "to",
    "text",
    "evidence",
    "time",
    "clockTrust",
    "bootId",
    "sequence",
    "lostBefore",
    "test",
  ],
  properties: {
    schema: { const: "holdfast.alarm/1" },
    site: name,
    device: name,
    alarm: name,
    priority: { enum: ["critical", "high", "medium", "low"] },
    from: state,
    to: state,
    text,
    evidence: text,
    /** who acknowledged or shelved it */
    by: text,
    /** RFC 3339, UTC */
    time: { type: "string", maxLength: 32 },
    clockTrust: { enum: ["untrusted", "bounded", "trusted"] },
    /** with `sequence`: the same pair again is the same event again */
    bootId: { type: "string", minLength: 1, maxLength: 64 },
    sequence: count,
    /** events between the one before and this one that were lost */
    lostBefore: count,
    /** somebody tries out the receiver: there is no such alarm */
    test: { type: "boolean" },
  },
} as const;
export type AlarmWebhook = XStatic<typeof AlarmWebhook>;

import type { XStatic } from "typebox/schema";
import { NAME_CHARS_MAX, STRING_VALUE_CHARS_MAX } from "./telemetry.ts";

/** Outputs a gateway may declare: what a person can still oversee, and a plan can still carry out. */
export const OUTPUTS_MAX = 500;
const text = { type: "string", maxLength: 512 } as const;
/** `device/point` */
export const POINT_REF_CHARS_MAX = 2 * NAME_CHARS_MAX + 1;
export const pointRef = { type: "string", minLength: 3, maxLength: POINT_REF_CHARS_MAX } as const;
const unixMs = { type: "number" } as const;
const scalar = {
  anyOf: [
    { type: "number" },
    { type: "boolean" },
    { type: "string", maxLength: STRING_VALUE_CHARS_MAX },
    { type: "null" },
  ],
} as const;

/** What a person at the gateway asks of its outputs. */
export const OUTPUT_ACTIONS = ["hold", "to-plan", "release"] as const;
export type OutputAction = (typeof OUTPUT_ACTIONS)[number];

const OutputStatus = {
  type: "object",
  additionalProperties: false,
  required: ["output", "state", "value", "quality"],
  properties: {
    output: pointRef,
    /** `free`: commands may write it; `held`: somebody holds it; `planned`: it has its value of the plan until a release; `pending`: that value is being written */
    state: { enum: ["free", "held", "planned", "pending"] },
    value: scalar,
    quality: { enum: ["good", "uncertain", "stale", "bad"] },
    /** latest commanded value, if any since the outputs were configured */
    commanded: scalar,
    commandedMs: unixMs,
    /** why a write would be refused right now: codes of {@link WriteRefusal} and their reasons */
    refused: {
      type: "array",
      maxItems: 8,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["code", "message"],
        properties: { code: { type: "string", maxLength: 64 }, message: text },
      },
    },
  },
} as const;
export type OutputStatus = XStatic<typeof OutputStatus>;

const PlanStatus = {
  type: "object",
  additionalProperties: false,
  required: ["state", "worstCaseMs"],
  properties: {
    /** `idle`; `running`: steps are being written; `done`: all were confirmed, nothing is released; `incomplete`: some were not, and are tried again */
    state: { enum: ["idle", "running", "done", "incomplete"] },
    /** longest of all buses, from process death to the last write */
    worstCaseMs: { type: "number", minimum: 0 },
    /** what made it due: a trigger's name, `operator`, `start`, `restart`, `uplink-lost`, `hold` */
    trigger: text,
    sinceMs: unixMs,
    /** from trigger to last confirmed write */
    tookMs: { type: "number", minimum: 0 },
    /** outputs whose step is not confirmed, and why */
    open: {
      type: "array",
      maxItems: OUTPUTS_MAX,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["output", "message"],
        properties: { output: pointRef, message: text },
      },
    },
  },
} as const;
export type PlanStatus = XStatic<typeof PlanStatus>;

/** What the outputs are allowed to do, and why not. */
export const OutputsStatus = {
  type: "object",
  additionalProperties: false,
  required: ["outputs", "warnings"],
  properties: {
    outputs: { type: "array", maxItems: OUTPUTS_MAX, items: OutputStatus },
    plan: PlanStatus,
    /** who holds all or some of them */
    hold: {
      type: "object",
      additionalProperties: false,
      required: ["by", "reason", "sinceMs", "outputs"],
      properties: {
        by: text,
        reason: text,
        sinceMs: unixMs,
        /** empty: all */
        outputs: { type: "array", maxItems: OUTPUTS_MAX, items: pointRef },
      },
    },
    /** such as a device with outputs whose communication-loss timer is not armed, or not known */
    warnings: {
      type: "array",
      maxItems: OUTPUTS_MAX,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["code", "device", "message"],
        properties: { code: { type: "string", maxLength: 64 }, device: text, message: text },
      },
    },
  },
} as const;
export type OutputsStatus = XStatic<typeof OutputsStatus>;

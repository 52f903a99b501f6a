import type { XStatic } from "typebox/schema";
import { ConfigReport } from "./report.ts";
import { NAME_CHARS_MAX } from "./telemetry.ts";

const sequence = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;

/**
 * `holdfast/v1/<site>/<device>/mark`, QoS 1, not retained. Published after each batch of DDATA, at most a second
 * later, on the same connection: its acknowledgement is what *acknowledged* means.
 */
export const Mark = {
  type: "object",
  additionalProperties: false,
  required: ["bootId", "timeMs", "clock", "sources", "gaps"],
  properties: {
    bootId: { type: "string", minLength: 1, maxLength: 64 },
    timeMs: { type: "number" },
    clock: { enum: ["untrusted", "bounded", "trusted"] },
    /** source name → highest sequence published so far; only sources that moved since the mark before */
    sources: { type: "object", additionalProperties: sequence },
    /** values that could not be kept, each range said once it is acknowledged */
    gaps: {
      type: "array",
      maxItems: 1_000,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["source", "from", "to", "reason"],
        properties: {
          source: { type: "string", minLength: 1, maxLength: NAME_CHARS_MAX },
          from: sequence,
          to: sequence,
          /**
           * the first two are `field`'s; `field-restarted`: kept by `uplink` for a `field` that is gone, while there was
           * no broker; `too-large`: no packet can hold the value, or the birth of its device
           */
          reason: { enum: ["queue-full", "configuration-changed", "field-restarted", "too-large"] },
        },
      },
    },
  },
} as const;
export type Mark = XStatic<typeof Mark>;

/** `holdfast/v1/<site>/<device>/status`, QoS 1, retained. On connecting and on change, at most every second. */
export const StatusMessage = {
  type: "object",
  additionalProperties: false,
  required: ["version", "bootId", "timeMs", "configDigest", "configReport", "writesRefused", "malformedMessages"],
  properties: {
    version: { type: "string", maxLength: 64 },
    bootId: { type: "string", maxLength: 64 },
    timeMs: { type: "number" },
    configDigest: { type: "string", maxLength: 64 },
    configReport: { anyOf: [ConfigReport, { type: "null" }] },
    writesRefused: { type: "integer", minimum: 0 },
    malformedMessages: { type: "integer", minimum: 0 },
  },
} as const;
export type StatusMessage = XStatic<typeof StatusMessage>;

/** Whose management topics they are. Site and device are configuration names: no `/`, `+`, `#`. */
export interface ManagementIdentity {
  /** `holdfast/v1` unless the broker's owner wants another */
  readonly managementPrefix: string;
  readonly site: string;
  readonly device: string;
}

/** The management topic of one kind. */
export function managementTopic(
  { managementPrefix, site, device }: ManagementIdentity,
  kind: "mark" | "status",
): string {
  return `${managementPrefix}/${site}/${device}/${kind}`;
}

import type { XStatic } from "typebox/schema";
import { ConfigReport } from "./report.ts";
import { NAME_CHARS_MAX } from "./telemetry.ts";

const sequence = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const bootId = {
  type: "string",
  maxLength: 64,
  description: "One per start of field; sequences begin at 0 in each. Empty before field has said one.",
} as const;
const timeMs = {
  type: "number",
  description: "When it was published, Unix milliseconds by the gateway's clock.",
} as const;
const configDigest = {
  type: "string",
  maxLength: 64,
  description: "SHA-256 of the configuration that runs, in hexadecimal; empty while there is none.",
} as const;

/** Published after each batch of DDATA on the same connection: its acknowledgement is what *acknowledged* means. */
export const Mark = {
  type: "object",
  description:
    "What was dealt with since the mark before: its acknowledgement on the connection that carried the values is what acknowledged means.",
  additionalProperties: false,
  required: ["bootId", "timeMs", "clock", "sources", "gaps"],
  properties: {
    bootId: { ...bootId, minLength: 1 },
    timeMs,
    clock: {
      enum: ["untrusted", "bounded", "trusted"],
      description: "How far source times may be believed.",
    },
    sources: {
      type: "object",
      additionalProperties: sequence,
      description:
        "Source name to the highest sequence published so far; only sources that moved since the mark before.",
    },
    gaps: {
      type: "array",
      maxItems: 1_000,
      description: "Values that could not be kept, each range said once it is acknowledged.",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["source", "from", "to", "reason"],
        properties: {
          source: { type: "string", minLength: 1, maxLength: NAME_CHARS_MAX, description: "Name of the field device." },
          from: { ...sequence, description: "First sequence that is missing." },
          to: { ...sequence, description: "Last sequence that is missing." },
          reason: {
            enum: ["queue-full", "configuration-changed", "field-restarted", "too-large"],
            description:
              "queue-full: field had no room. configuration-changed: their point or device is gone. field-restarted: kept by uplink for a field that is gone, while there was no broker. too-large: no packet can hold the value, or the birth of its device.",
          },
        },
      },
    },
  },
} as const;
export type Mark = XStatic<typeof Mark>;

/** What runs on this gateway. */
export const VersionMessage = {
  type: "object",
  description: "What runs on this gateway.",
  additionalProperties: false,
  required: ["version", "runtime", "bootId", "configDigest", "timeMs"],
  properties: {
    version: { type: "string", maxLength: 64, description: "Of Holdfast." },
    runtime: { type: "string", maxLength: 64, description: "What executes it, such as node 24.1.0 linux-arm64." },
    bootId,
    configDigest,
    timeMs,
  },
} as const;
export type VersionMessage = XStatic<typeof VersionMessage>;

/** Which configuration runs, and why a newer one does not. */
export const ConfigMessage = {
  type: "object",
  description: "Which configuration runs, and why a newer one does not.",
  additionalProperties: false,
  required: ["configDigest", "configReport", "timeMs"],
  properties: {
    configDigest,
    configReport: {
      anyOf: [ConfigReport, { type: "null" }],
      description:
        "Why the newest offered configuration is not the one running; null where it is. Findings that no packet has room for are left out, the last first.",
    },
    timeMs,
  },
} as const;
export type ConfigMessage = XStatic<typeof ConfigMessage>;

/** Whose management topics they are. Site and device are configuration names: no `/`, `+`, `#`. */
export interface ManagementIdentity {
  /** `holdfast/v1` unless the broker's owner wants another */
  readonly managementPrefix: string;
  readonly site: string;
  readonly device: string;
}

/** `echo` carries what the gateway says to itself, to find out what a broker lets through. */
export type ManagementKind = "health" | "version" | "config" | "mark" | "echo";

/** The management topic of one kind. */
export function managementTopic({ managementPrefix, site, device }: ManagementIdentity, kind: ManagementKind): string {
  return `${managementPrefix}/${site}/${device}/${kind}`;
}

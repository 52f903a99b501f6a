import type { XStatic } from "typebox/schema";
import { NAME_CHARS_MAX } from "./telemetry.ts";

/** Units remembered for one bus: all there can be. */
export const INVENTORY_UNITS_MAX = 256;
/** Distinct requests (unit, function, range) remembered for one bus. */
export const INVENTORY_REQUESTS_MAX = 1_000;
/** One reply has one bus: larger gateways are asked bus by bus. */
const name = { type: "string", minLength: 1, maxLength: NAME_CHARS_MAX } as const;
const text = { type: "string", maxLength: 512 } as const;
const count = { type: "integer", minimum: 0 } as const;
const unixMs = { type: "number" } as const;
const percentiles = {
  type: "object",
  additionalProperties: false,
  required: ["count", "p10Ms", "p50Ms", "p90Ms"],
  properties: {
    count,
    p10Ms: { type: "number", minimum: 0 },
    p50Ms: { type: "number", minimum: 0 },
    p90Ms: { type: "number", minimum: 0 },
  },
} as const;

const InventoryUnit = {
  type: "object",
  additionalProperties: false,
  required: ["unit", "expected", "firstSeenMs", "lastSeenMs", "replies", "exceptions"],
  properties: {
    unit: { type: "integer", minimum: 0, maximum: 255 },
    /** name of the configured device; absent where the configuration knows none */
    device: name,
    expected: { type: "boolean" },
    firstSeenMs: unixMs,
    lastSeenMs: unixMs,
    replies: count,
    replyTime: percentiles,
    /** `function:code` to how often: what it refuses says what it is */
    exceptions: { type: "object", additionalProperties: count, maxProperties: 64 },
    /** what it says of itself (43/14), where somebody asked */
    identity: {
      type: "object",
      additionalProperties: text,
      maxProperties: 32,
    },
  },
} as const;
export type InventoryUnit = XStatic<typeof InventoryUnit>;

/** A request that was heard and is not ours. */
const InventoryRequest = {
  type: "object",
  additionalProperties: false,
  required: ["unit", "function", "planned", "count", "firstSeenMs", "lastSeenMs"],
  properties: {
    unit: { type: "integer", minimum: 0, maximum: 255 },
    function: { type: "integer", minimum: 0, maximum: 127 },
    /** where the function has a range */
    address: count,
    quantity: count,
    /** whether we ask just the same; false: the plan has no such request */
    planned: { type: "boolean" },
    count,
    firstSeenMs: unixMs,
    lastSeenMs: unixMs,
  },
} as const;
export type InventoryRequest = XStatic<typeof InventoryRequest>;

export const BusInventory = {
  type: "object",
  additionalProperties: false,
  required: ["bus", "sinceMs", "listenOnly", "units", "requests", "findings"],
  properties: {
    bus: name,
    sinceMs: unixMs,
    listenOnly: { type: "boolean" },
    /** true: the line gives back what is sent, as half-duplex adapters do; no other master */
    echo: { type: "boolean" },
    /** bytes heard since the line was opened, where not one whole frame was among them: another speed, parity or framing */
    garbledBytes: count,
    units: { type: "array", maxItems: INVENTORY_UNITS_MAX, items: InventoryUnit },
    requests: { type: "array", maxItems: INVENTORY_REQUESTS_MAX, items: InventoryRequest },
    /** mismatches with the poll plan that stand, each also an alarm */
    findings: {
      type: "array",
      maxItems: INVENTORY_UNITS_MAX,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["alarm", "evidence", "sinceMs"],
        properties: { alarm: name, evidence: text, sinceMs: unixMs },
      },
    },
  },
} as const;
export type BusInventory = XStatic<typeof BusInventory>;

import type { XStatic } from "typebox/schema";
import { Fault } from "./fault.ts";
import { NAME_CHARS_MAX } from "./telemetry.ts";

/** Inputs of one housing. */
export const IO_INPUTS_MAX = 64;
export const IO_LEDS_MAX = 8;
const name = { type: "string", minLength: 1, maxLength: NAME_CHARS_MAX } as const;

/** Inputs, relay and LEDs of the gateway's own housing. */
export const IoStatus = {
  type: "object",
  additionalProperties: false,
  required: ["inputs"],
  properties: {
    inputs: {
      type: "array",
      maxItems: IO_INPUTS_MAX,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["name", "role", "value"],
        properties: {
          name,
          role: { enum: ["input", "presence", "tamper", "service-port"] },
          /** null: the line cannot be read */
          value: { anyOf: [{ type: "boolean" }, { type: "null" }] },
          lastFault: Fault,
        },
      },
    },
    relay: {
      type: "object",
      additionalProperties: false,
      required: ["alarm"],
      properties: { alarm: { type: "boolean" }, lastFault: Fault },
    },
  },
} as const;
export type IoStatus = XStatic<typeof IoStatus>;

import type { XStatic } from "typebox/schema";

/** The last thing that went wrong, kept until the next one: a code, a sentence, when (Unix milliseconds). */
export const Fault = {
  type: "object",
  additionalProperties: false,
  required: ["code", "message", "timeMs"],
  properties: {
    code: { type: "string", maxLength: 64 },
    message: { type: "string", maxLength: 512 },
    timeMs: { type: "number" },
  },
} as const;
export type Fault = XStatic<typeof Fault>;

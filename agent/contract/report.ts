import type { XStatic } from "typebox/schema";

/** A coded finding about a configuration, as `config check` prints it, `status` shows it and the config topic carries it. */
export const ConfigReport = {
  type: "object",
  additionalProperties: false,
  required: ["file", "findings"],
  properties: {
    file: { type: "string", maxLength: 512 },
    findings: {
      type: "array",
      maxItems: 100,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["code", "line", "column", "path", "message", "hint"],
        properties: {
          code: { type: "string", maxLength: 64 },
          line: { type: "integer", minimum: 0 },
          column: { type: "integer", minimum: 0 },
          /** which further file line and column are of, as seen from the folder of the report's; absent: the report's own */
          file: { type: "string", maxLength: 512 },
          /** where in the document, such as `buses[0].devices[2].unit` */
          path: { type: "string", maxLength: 512 },
          /** what was offered and what is wanted */
          message: { type: "string", maxLength: 1_024 },
          /** what to write instead */
          hint: { type: "string", maxLength: 1_024 },
        },
      },
    },
  },
} as const;
export type ConfigReport = XStatic<typeof ConfigReport>;
export type ConfigFinding = ConfigReport["findings"][number];

import { ALARM_PRIORITIES } from "../../config/snapshot/logic.ts";
import { ALARM_SINKS_MAX } from "../../contract/alarm-sinks.ts";
import { ALARM_EVENTS_MAX } from "../../contract/alarms.ts";

const host = { type: "string", minLength: 1, maxLength: 255 } as const;
const port = { type: "integer", minimum: 1, maximum: 65_535 } as const;
const file = { type: "string", minLength: 1, maxLength: 4_096 } as const;
const tls = { host, port, serverName: host, anchorsPath: file, certificatePath: file, keyPath: file } as const;

const syslog = {
  type: "object",
  required: ["kind", "host", "port", "serverName", "facility", "anchorsPath"],
  additionalProperties: false,
  properties: { kind: { const: "syslog" }, ...tls, facility: { type: "integer", minimum: 0, maximum: 23 } },
} as const;

const snmp = {
  type: "object",
  required: ["kind", "host", "port", "user", "authentication", "privacy", "authenticationPath", "privacyPath"],
  additionalProperties: false,
  properties: {
    kind: { const: "snmp" },
    host,
    port,
    user: { type: "string", minLength: 1, maxLength: 32 },
    authentication: { enum: ["sha256", "sha512"] },
    privacy: { enum: ["aes128", "aes256"] },
    authenticationPath: file,
    privacyPath: file,
  },
} as const;

const webhook = {
  type: "object",
  required: ["kind", "host", "port", "path", "serverName", "anchorsPath"],
  additionalProperties: false,
  properties: {
    kind: { const: "webhook" },
    ...tls,
    path: { type: "string", pattern: "^/[\\u0021-\\u007e]{0,511}$" },
    tokenPath: file,
  },
} as const;

/** The structure of the receivers in the uplink's part of a snapshot. */
export const NotifyPart = {
  type: "array",
  maxItems: ALARM_SINKS_MAX,
  items: {
    type: "object",
    required: ["name", "priority", "language", "queueMax", "receiver"],
    additionalProperties: false,
    properties: {
      name: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" },
      priority: { enum: ALARM_PRIORITIES },
      language: { enum: ["en", "de"] },
      // what waits here waits in `field`, too
      queueMax: { type: "integer", minimum: 1, maximum: ALARM_EVENTS_MAX },
      receiver: { anyOf: [syslog, snmp, webhook] },
    },
  },
} as const;

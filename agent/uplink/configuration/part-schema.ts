import { ModbusServerPart } from "../modbus-server/part.ts";
import { NotifyPart } from "../notify/part.ts";
import { UPLINK_INTERFACES_MAX } from "../../config/snapshot.ts";
import { BROKERS_MAX } from "../../contract/uplink-status.ts";

const name = { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" } as const;
const host = { type: "string", minLength: 1, maxLength: 255 } as const;
const port = { type: "integer", minimum: 1, maximum: 65_535 } as const;
const path = { type: "string", minLength: 1, maxLength: 4_096 } as const;
const userName = { type: "string", minLength: 1, maxLength: 256 } as const;
const ms = { type: "integer", minimum: 1, maximum: 3_600_000 } as const;
const keepalive = { type: "integer", minimum: 1, maximum: 65_535 } as const;
const rate = { type: "integer", minimum: 1 } as const;

const broker = {
  type: "object",
  required: [
    "transport",
    "host",
    "port",
    "path",
    "serverName",
    "tlsVersionMin",
    "hybridOnly",
    "protocol",
    "clientId",
    "keepaliveS",
    "keepaliveSMin",
    "connectTimeoutMs",
    "retryMsMin",
    "retryMsMax",
    "packetBytesMax",
    "retains",
    "anchorsPath",
    "certificatePath",
    "keyPath",
  ],
  additionalProperties: false,
  properties: {
    transport: { enum: ["tcp", "websocket"] },
    host,
    port,
    path: { type: "string", minLength: 1, maxLength: 300 },
    serverName: host,
    alpn: { type: "string", minLength: 1, maxLength: 64 },
    proxy: {
      type: "object",
      required: ["host", "port"],
      additionalProperties: false,
      properties: { host, port, username: userName, passwordPath: path },
    },
    tlsVersionMin: { enum: ["1.3", "1.2"] },
    hybridOnly: { type: "boolean" },
    protocol: { enum: ["auto", "5", "3.1.1"] },
    clientId: { type: "string", minLength: 1, maxLength: 256 },
    username: userName,
    keepaliveS: keepalive,
    keepaliveSMin: keepalive,
    connectTimeoutMs: ms,
    retryMsMin: ms,
    retryMsMax: ms,
    packetBytesMax: { type: "integer", minimum: 1_024, maximum: 268_435_455 },
    retains: { type: "boolean" },
    publishesPerSecondMax: rate,
    bytesPerSecondMax: rate,
    anchorsPath: path,
    certificatePath: path,
    keyPath: path,
    passwordPath: path,
  },
} as const;

const allowances = {
  type: "object",
  additionalProperties: false,
  properties: {
    live: { type: "integer", minimum: 0 },
    history: { type: "integer", minimum: 0 },
    management: { type: "integer", minimum: 0 },
  },
} as const;

/** The structure of the uplink's part of a snapshot. The compiler checked its meaning; this is the door of another process. */
export const UplinkPart = {
  type: "object",
  required: [
    "site",
    "device",
    "brokers",
    "interfaceNames",
    "returnMs",
    "sparkplug",
    "managementPrefix",
    "rebirthsPerMinute",
    "publishMs",
    "budget",
  ],
  additionalProperties: false,
  properties: {
    site: name,
    device: name,
    brokers: { type: "array", minItems: 1, maxItems: BROKERS_MAX, items: broker },
    interfaceNames: {
      type: "array",
      maxItems: UPLINK_INTERFACES_MAX,
      items: { type: "string", minLength: 1, maxLength: 15 },
    },
    returnMs: { type: "integer", minimum: 1, maximum: 86_400_000 },
    sparkplug: {
      type: "object",
      required: ["group", "edgeNode"],
      additionalProperties: false,
      properties: { group: name, edgeNode: name, primaryHost: name },
    },
    managementPrefix: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$" },
    rebirthsPerMinute: { type: "integer", minimum: 1, maximum: 6_000 },
    publishMs: { type: "integer", minimum: 10, maximum: 1_000 },
    budget: {
      type: "object",
      required: ["day", "month"],
      additionalProperties: false,
      properties: { day: allowances, month: allowances },
    },
    modbusServer: ModbusServerPart,
    notify: NotifyPart,
    fleet: {
      type: "object",
      required: ["gateways", "connectsPerSecond"],
      additionalProperties: false,
      properties: { gateways: rate, connectsPerSecond: rate },
    },
  },
} as const;

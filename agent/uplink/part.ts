import type { Disk } from "../../hal/disk.ts";
import { openCell } from "../../hal/storage/cell.ts";
import { Check } from "typebox/schema";
import type { UplinkSnapshot } from "../config/snapshot.ts";

const name = { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" } as const;
const path = { type: "string", minLength: 1, maxLength: 4_096 } as const;
const ms = { type: "integer", minimum: 1, maximum: 3_600_000 } as const;

/** The structure of the uplink's part of a snapshot. The compiler checked its meaning; this is the door of another process. */
const UplinkPart = {
  type: "object",
  required: ["site", "device", "broker", "sparkplug", "rebirthsPerMinute", "publishMs"],
  additionalProperties: false,
  properties: {
    site: name,
    device: name,
    broker: {
      type: "object",
      required: [
        "host",
        "port",
        "serverName",
        "protocol",
        "clientId",
        "keepaliveS",
        "connectTimeoutMs",
        "retryMsMin",
        "retryMsMax",
        "packetBytesMax",
        "anchorsPath",
        "certificatePath",
        "keyPath",
      ],
      additionalProperties: false,
      properties: {
        host: { type: "string", minLength: 1, maxLength: 255 },
        port: { type: "integer", minimum: 1, maximum: 65_535 },
        serverName: { type: "string", minLength: 1, maxLength: 255 },
        interfaceName: { type: "string", minLength: 1, maxLength: 15 },
        protocol: { enum: ["auto", "5", "3.1.1"] },
        clientId: { type: "string", minLength: 1, maxLength: 256 },
        keepaliveS: { type: "integer", minimum: 1, maximum: 65_535 },
        connectTimeoutMs: ms,
        retryMsMin: ms,
        retryMsMax: ms,
        packetBytesMax: { type: "integer", minimum: 1_024, maximum: 268_435_455 },
        anchorsPath: path,
        certificatePath: path,
        keyPath: path,
      },
    },
    sparkplug: {
      type: "object",
      required: ["group", "edgeNode"],
      additionalProperties: false,
      properties: { group: name, edgeNode: name },
    },
    rebirthsPerMinute: { type: "integer", minimum: 1, maximum: 6_000 },
    publishMs: { type: "integer", minimum: 10, maximum: 1_000 },
  },
} as const;

export function isUplinkPart(value: unknown): value is UplinkSnapshot {
  return Check(UplinkPart, value);
}

export interface StoredPart {
  readonly digest: string;
  readonly part: UplinkSnapshot;
}

/** The last good configuration, so that an uplink that starts while `keeper` is down still works. */
export interface PartStore {
  read(): Promise<StoredPart | undefined>;
  replace(stored: StoredPart): Promise<void>;
}

export function openPartStore(disk: Disk): PartStore {
  const cell = openCell(disk, "config");
  return {
    async read() {
      const bytes = await cell.read();
      return bytes === undefined ? undefined : parse(Buffer.from(bytes).toString("utf8"));
    },
    replace: (stored) => cell.replace(Buffer.from(JSON.stringify(stored))),
  };
}

function parse(text: string): StoredPart | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("digest" in value) || !("part" in value)) return undefined;
  const { digest, part } = value;
  return typeof digest === "string" && isUplinkPart(part) ? { digest, part } : undefined;
}

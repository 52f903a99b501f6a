import type { GatewayStatus } from "../contract/status.ts";
import { visible } from "./telemetry/visible.ts";

/** A status for people: what devices, brokers and persons wrote into it cannot command the terminal it is shown on. */
export function visibleStatus(status: GatewayStatus): GatewayStatus {
  return seen(status) as GatewayStatus;
}

function seen(value: unknown): unknown {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(seen);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, seen(held)]));
}

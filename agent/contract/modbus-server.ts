import type { XStatic } from "typebox/schema";
import { Fault } from "./fault.ts";

const count = { type: "integer", minimum: 0 } as const;

/** The read-only Modbus server for legacy SCADA. */
export const ModbusServerStatus = {
  type: "object",
  additionalProperties: false,
  required: ["address", "listening", "clients", "requests", "unanswered", "refusedWrites", "refusedClients"],
  properties: {
    /** such as 192.0.2.1 port 1502 */
    address: { type: "string", maxLength: 128 },
    listening: { type: "boolean" },
    /** connected now */
    clients: count,
    requests: count,
    /** reads that were answered with an exception since a value was missing or did not fit */
    unanswered: count,
    /** requests to write something: nothing ever is */
    refusedWrites: count,
    /** connections of others than the configured clients, and of more than there is room for */
    refusedClients: count,
    lastFault: Fault,
  },
} as const;
export type ModbusServerStatus = XStatic<typeof ModbusServerStatus>;

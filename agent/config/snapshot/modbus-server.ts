import type { PointType } from "../../contract/point.ts";
import type { PointRef } from "./expression.ts";

/** The gateway's points for legacy SCADA: plain Modbus TCP, reading only, in `uplink`, which drives no output. */
export interface ModbusServerSnapshot {
  /** an address of this machine; never all of them unless the file says so */
  readonly host: string;
  readonly port: number;
  readonly unit: number;
  /** who may connect: addresses and networks in CIDR notation */
  readonly clients: readonly string[];
  readonly connectionsMax: number;
  readonly entries: readonly ModbusServerEntry[];
}

export interface ModbusServerEntry {
  readonly point: PointRef;
  readonly table: "discrete-input" | "input-register" | "holding-register" | "coil";
  readonly address: number;
  readonly type: PointType;
  /** registers, or 1 */
  readonly count: number;
  readonly wordOrder: "big" | "little";
  /** raw = (value - offset) / scale */
  readonly scale: number;
  readonly offset: number;
}

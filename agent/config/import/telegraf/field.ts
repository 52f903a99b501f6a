import type { ValueKeys } from "./value-type.ts";

export type TableName = "coil" | "discrete-input" | "input-register" | "holding-register";

/** One field of Telegraf, ready to become a point. */
export interface Field {
  readonly name: string;
  readonly table: TableName;
  readonly address: number;
  /** registers or bits */
  readonly count: number;
  readonly keys: ValueKeys;
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  /** where it was written, in words */
  readonly place: string;
}

export type Optimisation = "none" | "shrink" | "rearrange" | "max-insert";

/** Fields that one request or metric reads from one unit. */
export interface Group {
  readonly unit: number;
  readonly fields: readonly Field[];
  /** addresses that may be read along because the file filled the holes with omitted fields */
  readonly blocks: readonly { readonly table: TableName; readonly address: number; readonly count: number }[];
  readonly optimise: Optimisation;
  readonly insertMax?: number;
}

export const DEFAULT_MEASUREMENT = "modbus";

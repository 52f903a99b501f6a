import type { ReadRequest } from "../../config/requests/plan.ts";

/** Largest Modbus PDU. @see Modbus application protocol V1.1b3 §4.1: 256 - unit id - CRC */
export const PDU_BYTES_MAX = 253;

/** One transaction's question. Addresses are as on the wire, from 0. @see Modbus application protocol V1.1b3 §6 */
export type Request =
  | ReadRequest
  | { readonly function: 5; readonly unit: number; readonly address: number; readonly on: boolean }
  | { readonly function: 6; readonly unit: number; readonly address: number; readonly value: number }
  | { readonly function: 15; readonly unit: number; readonly address: number; readonly values: readonly boolean[] }
  | { readonly function: 16; readonly unit: number; readonly address: number; readonly values: readonly number[] }
  | {
      readonly function: 22;
      readonly unit: number;
      readonly address: number;
      readonly andMask: number;
      readonly orMask: number;
    }
  | {
      readonly function: 23;
      readonly unit: number;
      readonly address: number;
      readonly count: number;
      readonly writeAddress: number;
      readonly values: readonly number[];
    }
  /** 43/14, read device identification; `access` 1 basic, 2 regular, 3 extended, 4 one object */
  | { readonly function: 43; readonly unit: number; readonly access: 1 | 2 | 3 | 4; readonly object: number };

/** What a device said. */
export type Reply =
  /** functions 1 to 4 and 23: bits packed from the least significant, or registers, high byte first */
  | { readonly kind: "data"; readonly bytes: Buffer }
  /** functions 5, 6, 15, 16, 22, and whatever was broadcast */
  | { readonly kind: "done" }
  /** function 43/14; `next` is the object to go on with where more follows */
  | {
      readonly kind: "identity";
      readonly objects: ReadonlyMap<number, string>;
      readonly conformity: number;
      readonly next?: number;
    }
  | { readonly kind: "exception"; readonly code: number };

/** How a transaction ended. */
export type Outcome =
  | Reply
  /** nothing, or nothing whole, within the timeout; `damaged` where something was heard that could have been the answer */
  | { readonly kind: "silence"; readonly damaged: boolean }
  /** the device answered and the answer is corrupt */
  | { readonly kind: "damaged" }
  /** the line or socket went away, or is not there */
  | { readonly kind: "bus-down" }
  /** too much waits already, or it waited too long */
  | { readonly kind: "busy" }
  /** unit 0 on a serial line that allows no broadcast, or a broadcast that expects an answer */
  | { readonly kind: "broadcast-refused" };

/** Whether a request may be broadcast at all: only what no device needs to answer. */
export function isWrite(request: Request): boolean {
  return [5, 6, 15, 16, 22].includes(request.function);
}

/** "Gateway path unavailable" and "gateway target device failed to respond": the silence of a device behind a gateway. */
const GATEWAY_EXCEPTIONS: ReadonlySet<number> = new Set([0x0a, 0x0b]);

/** Whether the device itself said nothing. */
export function isSilence(outcome: Outcome): boolean {
  return outcome.kind === "silence" || (outcome.kind === "exception" && GATEWAY_EXCEPTIONS.has(outcome.code));
}

import { HalError } from "../../../hal/error.ts";
import type { Fault } from "../../contract/fault.ts";

const FAULT_CHARS_MAX = 512;

/** @param timeMs Unix milliseconds */
export function faultOf(code: string, message: string, timeMs: number): Fault {
  return { code, message: message.slice(0, FAULT_CHARS_MAX), timeMs };
}

/** What opening a line or socket was refused with. */
export function codeOf(error: unknown): string {
  return error instanceof HalError ? error.code : "BUS_OPEN_FAILED";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { Clock } from "../../../hal/clock.ts";
import { HalError } from "../../../hal/error.ts";
import type { Fault } from "../../contract/fault.ts";

const MESSAGE_CHARS_MAX = 512;

/** What a line of the housing said, as `status` shows it. */
export function lineFault(error: unknown, clock: Clock): Fault {
  const code = error instanceof HalError ? error.code : "HAL_LINE_FAILED";
  const message = (error instanceof Error ? error.message : String(error)).slice(0, MESSAGE_CHARS_MAX);
  return { code, message, timeMs: clock.wall().unixMs };
}

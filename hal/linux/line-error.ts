import { HalError } from "../error.ts";
import type { HalErrorCode } from "../error.ts";

/** Not there, whatever there is else. */
const UNKNOWN = new Set(["ENOENT", "ENOTDIR", "ENXIO", "ENODEV", "EINVAL"]);

/**
 * What the kernel said on opening a digital line, as ours.
 * @param next what a technician may do about it
 */
export function openingError(line: string, path: string, cause: unknown, next: string): HalError {
  if (cause instanceof HalError) return cause;
  const said = codeOf(cause);
  const code: HalErrorCode = UNKNOWN.has(said) ? "HAL_LINE_UNKNOWN" : "HAL_LINE_REFUSED";
  const what = code === "HAL_LINE_UNKNOWN" ? "is not on this machine" : "cannot be opened";
  return new HalError(code, `${line} ${what}: ${path} says ${said}; ${next}`, { cause });
}

/** An open line that cannot be read or set any more. */
export function failure(line: string, cause: unknown): HalError {
  const why = cause instanceof Error ? codeOf(cause) : String(cause);
  return new HalError("HAL_LINE_FAILED", `${line} does not work any more: ${why}`, { cause });
}

export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}

import type { DigitalIo } from "../digital-io.ts";
import { HalError } from "../error.ts";

export function linuxDigitalIo(): DigitalIo {
  const unknown = (line: string): Promise<never> =>
    Promise.reject(new HalError("HAL_LINE_UNKNOWN", `no driver for the line ${line}`));
  return { openInput: unknown, openOutput: unknown };
}

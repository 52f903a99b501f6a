import type { OutputLine } from "../digital-io.ts";
import { HalError } from "../error.ts";
import { failure } from "./line-error.ts";

/** @param write sets the level */
export function outputLine(line: string, write: (high: boolean) => Promise<void>): OutputLine {
  let open = true;
  return {
    async set(high) {
      if (!open) throw new HalError("HAL_LINE_FAILED", `${line} is closed`);
      await write(high).catch((cause: unknown) => {
        throw failure(line, cause);
      });
    },
    [Symbol.asyncDispose]() {
      open = false;
      return Promise.resolve();
    },
  };
}

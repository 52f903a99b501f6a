import { join } from "node:path";
import type { Clock } from "../clock.ts";
import type { InputListener } from "../digital-io.ts";
import { openForReading, readNumber } from "./level-file.ts";
import { codeOf, openingError } from "./line-error.ts";
import { sampledInput } from "./sampled-input.ts";

/** Nobody plugs a cable in and out again faster. */
const SAMPLE_MS = 250;

/** Whether something is plugged into a network port: high while `carrier:eth1` has a link. */
export function openCarrierInput(
  clock: Clock,
  folder: string,
  name: string,
  listener: InputListener,
): Promise<AsyncDisposable> {
  const line = `carrier:${name}`;
  const path = join(folder, name, "carrier");
  return Promise.try(() => {
    try {
      const descriptor = openForReading(path);
      const read = (): boolean => hasCarrier(descriptor);
      return sampledInput(clock, line, SAMPLE_MS, descriptor, read, listener);
    } catch (cause) {
      throw openingError(line, path, cause, "see `ip -brief link` for the names");
    }
  });
}

function hasCarrier(descriptor: number): boolean {
  try {
    return readNumber(descriptor) !== 0;
  } catch (cause) {
    // an interface that is switched off has no link, whatever is plugged in, and the kernel says so this way
    if (codeOf(cause) === "EINVAL") return false;
    throw cause;
  }
}

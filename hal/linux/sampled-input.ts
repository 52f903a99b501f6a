import { closeSync } from "node:fs";
import { every } from "../clock.ts";
import type { Clock } from "../clock.ts";
import type { InputListener } from "../digital-io.ts";
import { failure } from "./line-error.ts";

/**
 * An input that is read again and again, since Node cannot wait for the kernel's word on such a file. Reads are short and
 * never wait, so they are made here and take no thread that a serial line needs.
 * @param read the level now; undefined: as it was. What it throws ends the input
 * @param descriptor closed in the end, and where the first reading fails
 */
export function sampledInput(
  clock: Clock,
  line: string,
  periodMs: number,
  descriptor: number,
  read: () => boolean | undefined,
  listener: InputListener,
): AsyncDisposable {
  let level = firstLevel(read, descriptor);
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    timer[Symbol.dispose]();
    closeSync(descriptor);
  };
  const look = (): void => {
    let now: boolean | undefined;
    try {
      now = read();
    } catch (cause) {
      close();
      listener.failed(failure(line, cause));
      return;
    }
    if (now === undefined || now === level) return;
    level = now;
    listener.level(level);
  };
  const timer = every(clock, periodMs, look);
  listener.level(level);
  return {
    [Symbol.asyncDispose]() {
      close();
      return Promise.resolve();
    },
  };
}

function firstLevel(read: () => boolean | undefined, descriptor: number): boolean {
  try {
    return read() ?? false;
  } catch (cause) {
    closeSync(descriptor);
    throw cause;
  }
}

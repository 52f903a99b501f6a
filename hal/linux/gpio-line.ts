import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "../clock.ts";
import type { Clock } from "../clock.ts";
import type { InputListener, OutputLine } from "../digital-io.ts";
import { HalError } from "../error.ts";
import { exists } from "./exists.ts";
import { openForReading, readNumber, writeAttribute } from "./level-file.ts";
import { codeOf, openingError } from "./line-error.ts";
import { outputLine } from "./output-line.ts";
import { sampledInput } from "./sampled-input.ts";

/** A door contact or a button is held for longer; two levels within it are one to nobody. */
const SAMPLE_MS = 25;
/** udev gives a line that was just exported to its group within this time. */
const EXPORT_TRIES_MAX = 20;
const EXPORT_PAUSE_MS = 50;
const NEXT = "see /sys/kernel/debug/gpio for its number, and docs/operate/housing.md for the rights";

/** A line of the kernel's sysfs GPIO, by its number there: `gpio:17` is /sys/class/gpio/gpio17. */
export async function openGpioInput(
  clock: Clock,
  folder: string,
  number: string,
  listener: InputListener,
): Promise<AsyncDisposable> {
  const line = `gpio:${number}`;
  const at = await exported(clock, folder, number);
  try {
    await tryUntilAllowed(clock, () => writeAttribute(join(at, "direction"), "in"));
    const descriptor = openForReading(join(at, "value"));
    const read = (): boolean => readNumber(descriptor) !== 0;
    return sampledInput(clock, line, SAMPLE_MS, descriptor, read, listener);
  } catch (cause) {
    throw openingError(line, at, cause, NEXT);
  }
}

export async function openGpioOutput(clock: Clock, folder: string, number: string): Promise<OutputLine> {
  const line = `gpio:${number}`;
  const at = await exported(clock, folder, number);
  const value = join(at, "value");
  try {
    const direction = join(at, "direction");
    if (readFileSync(direction, "latin1").trim() !== "out") {
      // `out` alone would pull the line low: a relay would drop at every first start
      const high = readFileSync(value, "latin1").trim() === "1";
      await tryUntilAllowed(clock, () => writeAttribute(direction, high ? "high" : "low"));
    }
  } catch (cause) {
    throw openingError(line, at, cause, NEXT);
  }
  return outputLine(line, (high) => writeAttribute(value, high ? "1" : "0"));
}

/** The folder of the line, which the kernel makes when it is asked to. */
async function exported(clock: Clock, folder: string, number: string): Promise<string> {
  const line = `gpio:${number}`;
  const at = join(folder, `gpio${number}`);
  if (exists(at)) return at;
  try {
    await writeAttribute(join(folder, "export"), number);
  } catch (cause) {
    const hint = exists(folder) ? NEXT : "this kernel has no sysfs GPIO: use gpio-keys and gpio-leds instead";
    throw openingError(line, join(folder, "export"), cause, hint);
  }
  for (let tried = 0; !exists(at) && tried < EXPORT_TRIES_MAX; tried++) await sleep(clock, EXPORT_PAUSE_MS);
  if (exists(at)) return at;
  throw new HalError("HAL_LINE_UNKNOWN", `${line} is not on this machine: ${at} does not appear; ${NEXT}`);
}

async function tryUntilAllowed(clock: Clock, act: () => Promise<void>): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await act();
      return;
    } catch (cause) {
      if (codeOf(cause) !== "EACCES" || tried >= EXPORT_TRIES_MAX) throw cause;
      await sleep(clock, EXPORT_PAUSE_MS);
    }
  }
}

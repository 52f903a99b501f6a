import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputLine } from "../digital-io.ts";
import { exists } from "./exists.ts";
import { writeAttribute } from "./level-file.ts";
import { openingError } from "./line-error.ts";
import { outputLine } from "./output-line.ts";

const NEXT = "see `ls /sys/class/leds`, and docs/operate/housing.md for the rights";

/** What the kernel's gpio-leds, or any other driver, shows in /sys/class/leds: lamps, and relays that are wired as one. */
export async function openLedOutput(folder: string, name: string): Promise<OutputLine> {
  const line = `led:${name}`;
  const at = join(folder, name);
  const brightness = join(at, "brightness");
  let on = "1";
  try {
    // as it is, and so the same light as before; but it says whether we may
    await writeAttribute(brightness, readFileSync(brightness, "latin1").trim());
    on = readFileSync(join(at, "max_brightness"), "latin1").trim();
    // a lamp that blinks for the disk would not show what we set
    if (exists(join(at, "trigger"))) await writeAttribute(join(at, "trigger"), "none");
  } catch (cause) {
    throw openingError(line, at, cause, NEXT);
  }
  return outputLine(line, (high) => writeAttribute(brightness, high ? on : "0"));
}

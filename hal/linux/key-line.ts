import { endianness } from "node:os";
import { readSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import type { InputListener } from "../digital-io.ts";
import { HalError } from "../error.ts";
import { openForReading } from "./level-file.ts";
import { codeOf, openingError } from "./line-error.ts";
import { sampledInput } from "./sampled-input.ts";

/** `struct input_event` of a 64-bit kernel: two longs of time, type, code, value. */
const EVENT_BYTES = 24;
const TYPE_AT = 16;
const CODE_AT = 18;
const VALUE_AT = 20;
const EV_KEY = 1;
const EV_SW = 5;
/** Events taken in one look; what is more waits in the kernel for the next. */
const EVENTS_MAX = 64;
const SAMPLE_MS = 25;
const NEXT = "see `ls -l /dev/input/by-path` and docs/operate/housing.md for the rights";

/**
 * A button or switch of the kernel's gpio-keys: `key:by-path/platform-button-event/148` is code 148 of
 * /dev/input/by-path/platform-button-event. The level at opening would take an ioctl, which Node does not have: until the
 * first event it is taken for released.
 */
export function openKeyInput(
  clock: Clock,
  folder: string,
  place: string,
  listener: InputListener,
): Promise<AsyncDisposable> {
  const line = `key:${place}`;
  return Promise.try(() => {
    const [, name = "", code = ""] = /^((?:by-path\/|by-id\/)?[A-Za-z0-9][^/\0]{0,127})\/(\d{1,3})$/.exec(place) ?? [];
    if (name === "") {
      const hint = "it is written as key:<name in /dev/input>/<code>, such as key:by-path/platform-button-event/148";
      throw new HalError("HAL_LINE_UNKNOWN", `${line} does not say which key of which device: ${hint}`);
    }
    const path = join(folder, name);
    try {
      const descriptor = openForReading(path);
      const read = (): boolean | undefined => latestLevel(descriptor, Number(code));
      return sampledInput(clock, line, SAMPLE_MS, descriptor, read, listener);
    } catch (cause) {
      throw openingError(line, path, cause, NEXT);
    }
  });
}

/** As the latest event of this key has it; undefined where there was none. */
function latestLevel(descriptor: number, code: number): boolean | undefined {
  const bytes = Buffer.alloc(EVENTS_MAX * EVENT_BYTES);
  let length = 0;
  try {
    length = readSync(descriptor, bytes, 0, bytes.length, null);
  } catch (cause) {
    if (codeOf(cause) === "EAGAIN") return undefined;
    throw cause;
  }
  if (length % EVENT_BYTES !== 0) throw new Error(`${length} bytes are not whole events of a 64-bit kernel`);
  const little = endianness() === "LE";
  const u16 = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  let level: boolean | undefined;
  for (let at = 0; at < length; at += EVENT_BYTES) {
    const type = u16(at + TYPE_AT);
    if ((type !== EV_KEY && type !== EV_SW) || u16(at + CODE_AT) !== code) continue;
    // 2 repeats a key that is held
    level = (little ? bytes.readInt32LE(at + VALUE_AT) : bytes.readInt32BE(at + VALUE_AT)) !== 0;
  }
  return level;
}

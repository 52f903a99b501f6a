import { join } from "node:path";
import type { Clock } from "../clock.ts";
import type { DigitalIo } from "../digital-io.ts";
import { HalError } from "../error.ts";
import { openCarrierInput } from "./carrier-line.ts";
import { openGpioInput, openGpioOutput } from "./gpio-line.ts";
import { openKeyInput } from "./key-line.ts";
import { openLedOutput } from "./led-line.ts";

/**
 * Lines of the housing through files of the kernel, without native code: `gpio:` for both directions, `key:` and `carrier:`
 * for inputs, `led:` for outputs. What an output has when the process dies, it keeps.
 * @param rootFolder where /sys and /dev are
 */
export function linuxDigitalIo(clock: Clock, rootFolder = "/"): DigitalIo {
  const gpio = join(rootFolder, "sys/class/gpio");
  return {
    async openInput(line, listener) {
      const [driver, place] = parts(line);
      if (driver === "gpio" && NUMBER.test(place)) return openGpioInput(clock, gpio, place, listener);
      if (driver === "key") return openKeyInput(clock, join(rootFolder, "dev/input"), place, listener);
      if (driver === "carrier" && NAME.test(place)) {
        return openCarrierInput(clock, join(rootFolder, "sys/class/net"), place, listener);
      }
      throw unknown(line, "an input is gpio:<number>, key:<name in /dev/input>/<code> or carrier:<network interface>");
    },
    async openOutput(line) {
      const [driver, place] = parts(line);
      if (driver === "gpio" && NUMBER.test(place)) return openGpioOutput(clock, gpio, place);
      if (driver === "led" && NAME.test(place)) return openLedOutput(join(rootFolder, "sys/class/leds"), place);
      throw unknown(line, "an output is gpio:<number> or led:<name in /sys/class/leds>");
    },
  };
}

const NUMBER = /^(?:0|[1-9]\d{0,5})$/;
/** One level of a path, and no way out of its folder. */
const NAME = /^(?!\.\.?$)[^/\0]{1,64}$/;

function parts(line: string): readonly [driver: string, place: string] {
  const at = line.indexOf(":");
  return [line.slice(0, Math.max(0, at)), line.slice(at + 1)];
}

function unknown(line: string, wanted: string): HalError {
  return new HalError("HAL_LINE_UNKNOWN", `no driver for the line ${line}: ${wanted}`);
}

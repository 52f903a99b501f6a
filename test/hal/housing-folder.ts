import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../../hal/clock.ts";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxDigitalIo } from "../../hal/linux/digital-io.ts";
import type { DigitalIoUnderTest } from "./digital-io.contract.ts";
import { useFolder } from "./folder.ts";
import { really } from "./real-time.ts";

/** How a driver's files in a folder that stands for the root of a machine are made, driven and read. */
interface Files {
  readonly line: string;
  make(put: (path: string, text: string) => void): void;
  drive?(root: string, high: boolean): void;
  level?(root: string): boolean;
  fail(root: string): void;
}

const GPIO = "sys/class/gpio/gpio17";
const LED = "sys/class/leds/act";
const CARRIER = "sys/class/net/eth1/carrier";
const EVENTS = "dev/input/by-path/platform-button-event";

export const GPIO_INPUT: Files = {
  line: "gpio:17",
  make(put) {
    put(`${GPIO}/direction`, "in\n");
    put(`${GPIO}/value`, "0\n");
  },
  drive: (root, high) => overwrite(join(root, GPIO, "value"), high ? "1\n" : "0\n"),
  fail: (root) => truncateSync(join(root, GPIO, "value")),
};

export const GPIO_OUTPUT: Files = {
  line: "gpio:17",
  make(put) {
    put(`${GPIO}/direction`, "out\n");
    put(`${GPIO}/value`, "0\n");
  },
  level: (root) => readFileSync(join(root, GPIO, "value"), "latin1").startsWith("1"),
  fail: (root) => rmSync(join(root, GPIO), { recursive: true }),
};

export const LED_OUTPUT: Files = {
  line: "led:act",
  make(put) {
    put(`${LED}/brightness`, "0\n");
    put(`${LED}/max_brightness`, "1\n");
    put(`${LED}/trigger`, "none [mmc0]\n");
  },
  level: (root) => readFileSync(join(root, LED, "brightness"), "latin1").startsWith("1"),
  fail: (root) => rmSync(join(root, LED), { recursive: true }),
};

export const CARRIER_INPUT: Files = {
  line: "carrier:eth1",
  make: (put) => put(CARRIER, "0\n"),
  drive: (root, high) => overwrite(join(root, CARRIER), high ? "1\n" : "0\n"),
  fail: (root) => truncateSync(join(root, CARRIER)),
};

const EV_SYN = 0;
const EV_KEY = 1;

export const KEY_INPUT: Files = {
  line: "key:by-path/platform-button-event/148",
  make: (put) => put(EVENTS, ""),
  drive: (root, high) =>
    appendFileSync(
      join(root, EVENTS),
      Buffer.concat([inputEvent(EV_KEY, 149, 1), inputEvent(EV_KEY, 148, high ? 1 : 0), inputEvent(EV_SYN, 0, 0)]),
    ),
  fail: (root) => appendFileSync(join(root, EVENTS), "half an event"),
};

/** Runs `work` on the Linux drivers over such files. */
export function useHousing(files: Files): (work: (under: DigitalIoUnderTest) => Promise<void>) => Promise<void> {
  return (work) =>
    useFolder((root) => {
      files.make((path, text) => {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      });
      return work({
        io: linuxDigitalIo(hurried(linuxClock()), root),
        line: files.line,
        drive: (high) => files.drive?.(root, high),
        level: () => files.level?.(root),
        fail: () => files.fail(root),
        until: really,
        pass: () => pause(300 / HURRY),
      });
    });
}

/** How much sooner the drivers look than they do on a gateway: the contract is run four times over. */
const HURRY = 5;

function hurried(clock: Clock): Clock {
  return { ...clock, after: (delayMs, callback) => clock.after(delayMs / HURRY, callback) };
}

/** As sysfs does: the file is never empty in between. */
function overwrite(path: string, text: string): void {
  writeFileSync(path, text, { flag: "r+" });
}

/** `struct input_event` of a 64-bit little-endian kernel. */
export function inputEvent(type: number, code: number, value: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt16LE(type, 16);
  bytes.writeUInt16LE(code, 18);
  bytes.writeInt32LE(value, 20);
  return bytes;
}

import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { HalError } from "../../../hal/error.ts";
import { linuxDigitalIo } from "../../../hal/linux/digital-io.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { useFolder } from "../folder.ts";
import { inputEvent } from "../housing-folder.ts";

const GPIO = "sys/class/gpio";
const quiet = { level() {}, failed() {} };

function machine(root: string, files: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const clock = virtualClock();
  return {
    clock,
    io: linuxDigitalIo(clock, root),
    read: (path: string): string => readFileSync(join(root, path), "latin1"),
  };
}

test("a line that becomes an output keeps the level it has, so that no relay drops", async () => {
  await useFolder(async (root) => {
    const { io, read } = machine(root, {
      [`${GPIO}/gpio4/direction`]: "in\n",
      [`${GPIO}/gpio4/value`]: "1\n",
      [`${GPIO}/gpio5/direction`]: "in\n",
      [`${GPIO}/gpio5/value`]: "0\n",
      [`${GPIO}/gpio6/direction`]: "out\n",
      [`${GPIO}/gpio6/value`]: "1\n",
    });
    for (const line of ["gpio:4", "gpio:5", "gpio:6"]) await (await io.openOutput(line))[Symbol.asyncDispose]();
    expect(read(`${GPIO}/gpio4/direction`)).toBe("high");
    expect(read(`${GPIO}/gpio5/direction`)).toMatch(/^low/);
    expect(read(`${GPIO}/gpio6/direction`)).toBe("out\n");
  });
});

test("the kernel is asked for a line that it does not show yet", async () => {
  await useFolder(async (root) => {
    const { io, clock, read } = machine(root, { [`${GPIO}/export`]: "" });
    const opening = io.openInput("gpio:17", quiet);
    opening.catch(() => {});
    // reading and writing files takes real time, which the clock does not wait for
    await expect.poll(() => read(`${GPIO}/export`)).toBe("17");
    for (const [name, text] of [
      ["direction", "out\n"],
      ["value", "1\n"],
    ] as const) {
      mkdirSync(join(root, GPIO, "gpio17"), { recursive: true });
      writeFileSync(join(root, GPIO, "gpio17", name), text);
    }
    await clock.advance(1_000);
    await using _input = await opening;
    expect(read(`${GPIO}/gpio17/direction`)).toMatch(/^in/);
  });
});

test("a kernel without sysfs GPIO is told as that, with what to use instead", async () => {
  await useFolder(async (root) => {
    const { io } = machine(root, {});
    await expect(io.openInput("gpio:17", quiet)).rejects.toMatchObject({
      code: "HAL_LINE_UNKNOWN",
      message: expect.stringContaining("gpio-keys and gpio-leds"),
    });
  });
});

test("what is there and cannot be opened is refused, with where to read about rights", async () => {
  await useFolder(async (root) => {
    const { io } = machine(root, {
      "sys/class/leds/act/brightness/file": "",
      "sys/class/leds/act/max_brightness": "1",
    });
    await expect(io.openOutput("led:act")).rejects.toMatchObject({
      code: "HAL_LINE_REFUSED",
      message: expect.stringContaining("docs/operate/housing.md"),
    });
  });
});

test("a lamp is taken from its trigger and set to its full brightness", async () => {
  await useFolder(async (root) => {
    const { io, read } = machine(root, {
      "sys/class/leds/act/brightness": "0\n",
      "sys/class/leds/act/max_brightness": "255\n",
      "sys/class/leds/act/trigger": "[mmc0] rc-feedback none timer\n",
    });
    await using lamp = await io.openOutput("led:act");
    expect(read("sys/class/leds/act/trigger")).toMatch(/^none/);
    await lamp.set(true);
    expect(read("sys/class/leds/act/brightness")).toMatch(/^255/);
    await lamp.set(false);
    expect(read("sys/class/leds/act/brightness")).toMatch(/^0/);
  });
});

test("a button that says nothing stays as it is: an empty event device is no fault", async () => {
  await useFolder(async (root) => {
    const { io, clock } = machine(root, { "dev/input/by-path/other": "" });
    const path = join(root, "dev/input/by-path/button");
    execFileSync("mkfifo", [path]);
    // somebody who could write, as the kernel is: what reads is told to wait, and not that it is over
    const kernel = openSync(path, "r+");
    try {
      const levels: boolean[] = [];
      const failed: string[] = [];
      const listener = {
        level: (high: boolean) => levels.push(high),
        failed: ({ code }: HalError) => failed.push(code),
      };
      await using _input = await io.openInput("key:by-path/button/148", listener);
      await clock.advance(100);
      writeSync(kernel, inputEvent(1, 148, 1));
      await clock.advance(100);
      writeSync(kernel, inputEvent(1, 148, 2));
      await clock.advance(100);
      writeSync(kernel, inputEvent(1, 148, 0));
      await clock.advance(100);
      expect({ levels, failed }).toEqual({ levels: [false, true, false], failed: [] });
    } finally {
      closeSync(kernel);
    }
  });
});

/** A network interface of this machine that is switched off: the kernel refuses to say whether it has a carrier. */
const SWITCHED_OFF = readdirSync("/sys/class/net").find((name) => {
  try {
    readFileSync(`/sys/class/net/${name}/carrier`);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EINVAL";
  }
});

test.skipIf(SWITCHED_OFF === undefined)("a network port that is switched off has nothing plugged in", async () => {
  const levels: boolean[] = [];
  const clock = virtualClock();
  const listener = { level: (high: boolean) => levels.push(high), failed() {} };
  await using _input = await linuxDigitalIo(clock).openInput(`carrier:${SWITCHED_OFF}`, listener);
  await clock.advance(1_000);
  expect(levels).toEqual([false]);
});

test.each([
  "key:../../etc/passwd/1",
  "key:by-path/../event0/1",
  "carrier:../../../etc",
  "led:..",
  "carrier:..",
  "gpio:1/../2",
  "gpio:017",
])("%s leads nowhere", async (line) => {
  await useFolder(async (root) => {
    // what would be found by whoever followed it
    const up = { "sys/class/brightness": "0\n", "sys/class/max_brightness": "1\n", "sys/class/carrier": "1\n" };
    const { io } = machine(root, { ...up, "sys/class/leds/act/brightness": "0\n", "sys/class/net/lo/carrier": "1\n" });
    const open = line.startsWith("led") ? io.openOutput(line) : io.openInput(line, quiet);
    await expect(open).rejects.toMatchObject({ code: "HAL_LINE_UNKNOWN" });
  });
});

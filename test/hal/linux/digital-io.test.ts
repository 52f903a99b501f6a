import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { linuxDigitalIo } from "../../../hal/linux/digital-io.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { useFolder } from "../folder.ts";

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
      "sys/class/leds/act/trigger": "none rc-feedback [mmc0] timer\n",
    });
    await using lamp = await io.openOutput("led:act");
    expect(read("sys/class/leds/act/trigger")).toMatch(/^none/);
    await lamp.set(true);
    expect(read("sys/class/leds/act/brightness")).toMatch(/^255/);
    await lamp.set(false);
    expect(read("sys/class/leds/act/brightness")).toMatch(/^0/);
  });
});

test.each([
  "key:../../etc/passwd/1",
  "key:by-path/../event0/1",
  "carrier:../../../etc",
  "led:..",
  "gpio:1/../2",
  "gpio:017",
])("%s leads nowhere", async (line) => {
  await useFolder(async (root) => {
    const { io } = machine(root, {});
    const open = line.startsWith("led") ? io.openOutput(line) : io.openInput(line, quiet);
    await expect(open).rejects.toMatchObject({ code: "HAL_LINE_UNKNOWN" });
  });
});

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { linuxSerial, serialSelfTest } from "../../../hal/linux/serial.ts";
import { usePty } from "../pty.ts";

const line = { path: "/dev/null", baudRate: 9_600, parity: "none", dataBits: 8, stopBits: 1 } as const;
const deaf = { bytes() {}, vanished() {} };
const repository = fileURLToPath(new URL("../../../", import.meta.url));

test("what is not a serial device is refused", async () => {
  await expect(linuxSerial().open(line, deaf)).rejects.toMatchObject({ code: "HAL_PORT_REFUSED" });
});

test("the self-test names the binding that loaded", async () => {
  expect(await serialSelfTest()).toEqual({ ok: true, binding: expect.stringContaining(process.arch) });
});

test("a process whose native binding cannot load says so, in the self-test and when opening", () => {
  // Without --allow-addons the binding is there and may not be loaded.
  const script = `
    import { linuxSerial, serialSelfTest } from "./hal/linux/serial.ts";
    const { ok, code } = await serialSelfTest();
    const opened = await linuxSerial().open(${JSON.stringify(line)}, {}).catch((error) => error.code);
    console.log(JSON.stringify({ ok, code, opened }));`;
  const flags = ["--permission", `--allow-fs-read=${repository}`, "--input-type=module-typescript", "--eval", script];
  const { stdout } = spawnSync(process.execPath, flags, { cwd: repository, encoding: "utf8" });
  expect(JSON.parse(stdout)).toEqual({ ok: false, code: "HAL_SERIAL_UNAVAILABLE", opened: "HAL_SERIAL_UNAVAILABLE" });
});

test("a process that never opens a line never loads the binding", () => {
  const script = `
    import { linuxSerial } from "./hal/linux/serial.ts";
    linuxSerial();
    console.log(process.report.getReport().sharedObjects.filter((name) => name.includes("serialport")).length);`;
  const flags = ["--input-type=module-typescript", "--eval", script];
  const { stdout } = spawnSync(process.execPath, flags, { cwd: repository, encoding: "utf8" });
  expect(stdout.trim()).toBe("0");
});

test("an unplugged adapter costs no processor time until it is disposed", async () => {
  await usePty(async ({ serial, line: here, vanish, until, pass }) => {
    let gone = false;
    await using _port = await serial.open(here, { bytes() {}, vanished: () => void (gone = true) });
    vanish();
    await until(() => gone);
    const before = process.cpuUsage();
    await pass();
    // A read loop that takes the end of input for a pause would use all of these 50 ms, and a thread besides.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(40);
  });
});

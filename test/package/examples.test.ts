import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EXAMPLES } from "../../scripts/package/unit/examples.ts";
import { units } from "../../scripts/package/unit/units.ts";
import { requires } from "../interop/requires.ts";
import { readUnit, wordsOf } from "./unit-file.ts";

const EXPOSURE_PERCENT_MAX = 15;
/** Which unit each drop-in is for. */
const DROP_INS = {
  "modbus-server.conf": "holdfast-uplink.service",
  "housing.conf": "holdfast-field.service",
} as const;

const unit = (name: string) => readUnit(units()[name] ?? "");
const example = (name: string) => readUnit(EXAMPLES[name] ?? "");

test("as it is installed, uplink cannot listen and field cannot set anything of the housing", () => {
  const uplink = unit("holdfast-uplink.service");
  expect(uplink.get("SocketBindAllow")).toBeUndefined();
  expect(uplink.get("SystemCallFilter")).toContain("~listen accept accept4");
  const field = unit("holdfast-field.service");
  expect(field.get("ProtectKernelTunables")).toEqual(["yes"]);
  expect(wordsOf(field, "ReadWritePaths").filter((path) => path.includes("/sys"))).toEqual([]);
  expect(wordsOf(field, "DeviceAllow")).not.toContain("char-input");
});

test("the drop-in of the Modbus server opens one port and the calls to listen, and nothing else", () => {
  expect([...example("modbus-server.conf")]).toEqual([
    ["SocketBindAllow", ["tcp:1502"]],
    ["SystemCallFilter", ["listen accept accept4"]],
  ]);
});

test("the drop-in of the housing gives paths of /sys and event devices, no capability and no group", () => {
  const housing = example("housing.conf");
  expect([...housing.keys()]).toEqual(["ReadWritePaths", "DeviceAllow"]);
  expect(wordsOf(housing, "ReadWritePaths").every((path) => path.startsWith("-/sys/"))).toBe(true);
  expect(housing.get("DeviceAllow")).toEqual(["char-input r"]);
  for (const rule of (EXAMPLES["70-holdfast-housing.rules"] ?? "").split("\n").filter((line) => /^[A-Z]/.test(line))) {
    expect(rule).toContain("holdfast-field");
    expect(rule).toMatch(/^SUBSYSTEM=="(leds|gpio|input)", KERNEL=="[^"]+", /);
  }
});

requires("systemd")("systemd's own judgement of the drop-ins", () => {
  test.each(Object.entries(DROP_INS))("with %s %s is still exposed by 1.5 of 10 at most", (dropIn, name) => {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-examples-"));
    try {
      // a drop-in is read after its unit, as if it stood behind it
      writeFileSync(join(folder, name), `${units()[name] ?? ""}\n${EXAMPLES[dropIn] ?? ""}`);
      const threshold = `--threshold=${EXPOSURE_PERCENT_MAX}`;
      const words = ["security", "--offline=true", "--no-pager", threshold, join(folder, name)];
      const { status, stdout, stderr } = spawnSync("systemd-analyze", words, { encoding: "utf8" });
      expect(status, stdout.split("\n").at(-2) ?? stderr).toBe(0);
      expect(stderr).not.toMatch(/Failed to parse|Unknown key|ignoring/i);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

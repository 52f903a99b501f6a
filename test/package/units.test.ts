import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyCommand, MACHINE_BOOT_ENV, roomCommand } from "../../agent/process/commands.ts";
import { ROOM_NAMES } from "../../agent/process/layout.ts";
import { sysusersText, tmpfilesText } from "../../scripts/package/accounts.ts";
import { CONFIG_PATH, LAYOUT, NOTIFY_EXEC, RUNTIME, bundle } from "../../scripts/package/places.ts";
import { units } from "../../scripts/package/unit/units.ts";
import { requires } from "../interop/requires.ts";
import { readUnit, wordsOf } from "./unit-file.ts";

const unit = (name: string) => readUnit(units()[name] ?? "");
const SERVICES = [...ROOM_NAMES.map((room) => `holdfast-${room}.service`), "holdfast-config.service"];
/** systemd counts in tenths of its scale of ten, and its option in whole percents of it */
const EXPOSURE_PERCENT_MAX = 15;

test.each(ROOM_NAMES)("the unit of %s runs the very command line of holdfast run, with its environment", (room) => {
  const { args, env } = roomCommand(room, LAYOUT);
  const supervised = args.filter((arg) => !arg.startsWith("--supervised="));
  const entry = supervised.findIndex((arg) => !arg.startsWith("--"));
  const wanted = supervised.with(entry, bundle(room));
  expect(wordsOf(unit(`holdfast-${room}.service`), "ExecStart")).toEqual([NOTIFY_EXEC, RUNTIME, ...wanted]);
  for (const setting of unit(`holdfast-${room}.service`).get("Environment") ?? []) {
    const [name = "", value] = setting.split("=");
    if (name === MACHINE_BOOT_ENV) expect([room, value]).toEqual(["field", "%b"]);
    else expect(env[name]).toBe(value);
  }
});

test("a changed file is applied with the command of holdfast run", () => {
  const [, ...words] = applyCommand(CONFIG_PATH, LAYOUT).args;
  const [runtime, entry, ...offered] = wordsOf(unit("holdfast-config.service"), "ExecStart");
  expect([runtime, entry]).toEqual([RUNTIME, bundle("holdfast")]);
  // systemd watches by itself
  expect(offered).toEqual(words.filter((word) => !word.startsWith("--watched=")));
  expect(unit("holdfast-config.path").get("PathChanged")).toEqual([CONFIG_PATH, "/etc/holdfast"]);
  // apart: a folder that does not exist would make systemd lose events of the others
  const folders = ["/etc/holdfast/maps", "/etc/holdfast/templates"];
  expect(unit("holdfast-config-parts.path").get("PathChanged")).toEqual(folders);
  expect(unit("holdfast-config-parts.path").get("Unit")).toEqual(["holdfast-config.service"]);
});

test("every room is watched, always started again, bounded, and a user of its own", () => {
  const users = new Set<string>();
  for (const room of ROOM_NAMES) {
    const service = unit(`holdfast-${room}.service`);
    const wanted = {
      Type: "notify",
      NotifyAccess: "main",
      Restart: "always",
      StartLimitIntervalSec: "0",
      LimitCORE: "0",
    };
    for (const [key, value] of Object.entries(wanted)) expect(service.get(key), key).toEqual([value]);
    for (const key of ["WatchdogSec", "MemoryMax", "TasksMax", "LogRateLimitBurst", "LogNamespace"]) {
      expect(service.get(key), key).toHaveLength(1);
    }
    users.add(service.get("User")?.[0] ?? "");
  }
  expect(users.size).toBe(ROOM_NAMES.length);
});

test("serial ports are for field alone, the network is closed to keeper, and nobody may listen on it", () => {
  const allowed = wordsOf(unit("holdfast-field.service"), "DeviceAllow").filter((word) => word !== "rw");
  expect(allowed).toContain("char-ttyUSB");
  expect(allowed.every((word) => word.startsWith("char-tty"))).toBe(true);
  for (const room of ["keeper", "uplink"]) {
    expect(unit(`holdfast-${room}.service`).get("PrivateDevices")).toEqual(["yes"]);
    expect(unit(`holdfast-${room}.service`).get("DeviceAllow")).toBeUndefined();
  }
  expect(unit("holdfast-keeper.service").get("RestrictAddressFamilies")).toEqual(["AF_UNIX"]);
  expect(unit("holdfast-keeper.service").get("IPAddressAllow")).toBeUndefined();
  expect(unit("holdfast-field.service").get("IPAddressDeny")).toEqual(["any"]);
  const reached = wordsOf(unit("holdfast-field.service"), "IPAddressAllow");
  expect(reached).toContain("192.168.0.0/16");
  expect(reached).not.toContain("any");
  for (const room of ["field", "uplink"]) {
    expect(unit(`holdfast-${room}.service`).get("SocketBindDeny")).toEqual(["1-65535"]);
  }
});

test("every user and group that a unit or folder names is made", () => {
  const made = new Set(
    sysusersText()
      .split("\n")
      .map((line) => /^[ug] (\S+)/.exec(line)?.[1]),
  );
  const system = new Set([undefined, "root", "dialout"]);
  const named = [
    ...SERVICES.flatMap((name) => ["User", "Group", "SupplementaryGroups"].flatMap((key) => wordsOf(unit(name), key))),
    ...tmpfilesText()
      .split("\n")
      .filter((line) => line.startsWith("d "))
      .flatMap((line) => line.split(" ").slice(3, 5)),
  ];
  expect(named.filter((name) => !system.has(name) && !made.has(name))).toEqual([]);
});

requires("systemd")("systemd's own judgement", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "holdfast-units-"));
    for (const [name, text] of Object.entries(units())) writeFileSync(join(folder, name), text);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(SERVICES)("%s is exposed by 1.5 of 10 at most", (name) => {
    const words = [
      "security",
      "--offline=true",
      "--no-pager",
      `--threshold=${EXPOSURE_PERCENT_MAX}`,
      join(folder, name),
    ];
    const { status, stdout, stderr } = spawnSync("systemd-analyze", words, { encoding: "utf8" });
    expect(status, stdout.split("\n").at(-2) ?? stderr).toBe(0);
  });

  test("a unit without its sandbox would not pass", () => {
    const bare = join(folder, "bare.service");
    writeFileSync(bare, "[Service]\nExecStart=/bin/true\n");
    const words = ["security", "--offline=true", "--no-pager", `--threshold=${EXPOSURE_PERCENT_MAX}`, bare];
    expect(spawnSync("systemd-analyze", words).status).not.toBe(0);
  });
});

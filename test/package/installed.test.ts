import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DOOR_NAMES, ROOM_NAMES, doorPath, roomFolder } from "../../agent/process/layout.ts";
import type { DoorName, RoomName } from "../../agent/process/layout.ts";
import { LAYOUT, RUNTIME } from "../../scripts/package/places.ts";
import { observe } from "../interop/peers/observer.ts";
import { tempFolder } from "../interop/peers/temp-folder.ts";
import { EDGE, openWorks } from "../interop/peers/works.ts";
import type { Works } from "../interop/peers/works.ts";
import { requires } from "../interop/requires.ts";
import { SCENE_FOLDER, playScene } from "./container.ts";
import { openDebianRoot } from "./debian-root.ts";
import type { DebianRoot } from "./debian-root.ts";
import { HERE, makePackage } from "./packages.ts";
import { asUser, startRoom } from "./room-process.ts";
import { commission, siteFile } from "./site.ts";

const SETUP_MS = 180_000;
const PATIENCE_MS = 20_000;
const UNITS = ["holdfast.target", "holdfast-config.path"];
const ACCOUNTS = /^holdfast/m;

/** Which rooms get through to which door: the one that opens it, and its partner. */
const REACHES: Readonly<Record<DoorName, readonly RoomName[]>> = {
  "keeper-field": ["keeper", "field"],
  "keeper-uplink": ["keeper", "uplink"],
  "field-uplink": ["field", "uplink"],
  control: ["keeper"],
};
/** Says for each path given whether a socket there takes a connection, or a folder can be listed. */
const TRY = `
const { connect } = require("node:net");
const { readdirSync, statSync } = require("node:fs");
for (const path of process.argv.slice(1)) {
  if (path.endsWith("/socket")) connect(path).on("connect", function () { console.log(path, "open"); this.destroy(); }).on("error", (e) => console.log(path, e.code));
  else try { readdirSync(path); console.log(path, "open"); } catch (e) { console.log(path, e.code); }
}`;

requires(
  "mmdebstrap",
  "systemd",
  "systemd-nspawn",
  "python3",
  "gcc",
  "libmodbus",
  "mosquitto",
  "mosquitto-clients",
)("the package on a clean Debian", () => {
  const held = new AsyncDisposableStack();
  let root: DebianRoot;
  let works: Works;
  const packages: string[] = [];

  beforeAll(async () => {
    const out = held.use(await tempFolder()).path;
    root = held.use(await openDebianRoot());
    works = held.use(await openWorks());
    for (const version of ["0.1.0-1", "0.1.0-2"]) {
      const path = await makePackage(out, version, HERE);
      copyFileSync(path, join(root.path, basename(path)));
      packages.push(`/${basename(path)}`);
    }
  }, SETUP_MS);
  afterAll(() => held.disposeAsync(), SETUP_MS);

  const install = (which: 0 | 1) => root.must("dpkg", "--install", packages[which] ?? "");
  const status = async () =>
    JSON.parse(await root.must("holdfast", "status", "--json")) as { uplink: { state: string } };
  const started = async () => {
    await using starting = new AsyncDisposableStack();
    const rooms = [];
    for (const room of ROOM_NAMES) rooms.push(starting.use(await startRoom(root, room)));
    const running = starting.move();
    return { rooms, [Symbol.asyncDispose]: () => running.disposeAsync() };
  };
  const online = () =>
    vi.waitFor(async () => expect((await status()).uplink.state).toBe("online"), {
      timeout: PATIENCE_MS,
      interval: 100,
    });

  test("installs, with units that systemd finds nothing to say about, and a command that works", async () => {
    await install(0);
    const { code, output, errors } = await root.run("systemd-analyze", "verify", "--man=no", ...UNITS);
    // of the journal's own unit, where /etc/machine-id is made at the first boot
    expect(errors.split("\n").filter((line) => line.includes("holdfast"))).toEqual([]);
    expect({ code, output }).toEqual({ code: 0, output: "" });
    expect(await root.must("holdfast", "version")).toBe("0.1.0\n");
    expect(await root.must("holdfast", "self-test")).toMatch(/ok {6}serial/);
    expect(await root.must("readlink", "/etc/systemd/system/multi-user.target.wants/holdfast.target")).toBe(
      "/lib/systemd/system/holdfast.target\n",
    );
    expect(existsSync(join(root.path, "etc/holdfast/gateway.yaml"))).toBe(false);
    // configuring twice changes nothing
    await root.must("dpkg-reconfigure", "--frontend=noninteractive", "holdfast");
    expect((await root.run("dpkg", "--verify", "holdfast")).output).toBe("");
  });

  test("the units' own command lines, as their users, poll a device and bring its values to the broker", async () => {
    commission(root, works, siteFile(works));
    await using watcher = await observe(works.broker, works.watcher, "watcher");
    await using running = await started();
    await root.must("holdfast", "config", "apply", "/etc/holdfast/gateway.yaml");
    await online();
    const data = `spBv1.0/${EDGE.group}/DDATA/${EDGE.node}/flow`;
    await vi.waitFor(() => expect(watcher.seen.map(({ topic }) => topic)).toContain(data), { timeout: PATIENCE_MS });
    for (const { manager, child } of running.rooms) {
      await manager.until("WATCHDOG=1", 3);
      // the service manager believes nobody but the process it started, so that is who speaks
      expect(new Set(manager.received.map(({ pid }) => pid))).toEqual(new Set([child.pid]));
    }
    const field = running.rooms[1]?.manager.received.map(({ message }) => message) ?? [];
    expect(field.slice(0, 2)).toEqual(["STATUS=waiting for a configuration", "READY=1"]);
    expect(field).toContainEqual(expect.stringMatching(/^STATUS=polling configuration [0-9a-f]{12}$/));
    for (const { child, manager } of running.rooms.toReversed()) {
      expect(await child.stop()).toBe(0);
      await manager.until("STOPPING=1");
    }
  });

  test("a room reaches the doors of its own pairs and its own state, and nothing of the others", async () => {
    await using _running = await started();
    for (const room of ROOM_NAMES) {
      const paths = [
        ...DOOR_NAMES.map((door) => doorPath(LAYOUT, door)),
        ...ROOM_NAMES.map((other) => roomFolder(LAYOUT, other)),
        "/etc/holdfast/tls",
      ];
      const output = await root.must(...asUser(root, room), RUNTIME, "-e", TRY, ...paths);
      const found = Object.fromEntries(
        output
          .trim()
          .split("\n")
          .map((line) => line.split(" ")),
      );
      const wanted = [
        ...DOOR_NAMES.map((door) => [doorPath(LAYOUT, door), REACHES[door].includes(room) ? "open" : "EACCES"]),
        ...ROOM_NAMES.map((other) => [roomFolder(LAYOUT, other), other === room ? "open" : "EACCES"]),
        ["/etc/holdfast/tls", room === "uplink" ? "open" : "EACCES"],
      ];
      expect(found, room).toEqual(Object.fromEntries(wanted));
    }
    // a person without the operators' group is told so, and one with it is answered
    const nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup"] as const;
    const refused = await root.run(...nobody, "--clear-groups", "holdfast", "status");
    expect(refused).toMatchObject({ code: 1 });
    await root.must(...nobody, "--groups=holdfast-operators", "holdfast", "status");
  });

  test("an upgrade keeps configuration and state, and polls on by itself", async () => {
    const before = await root.must("find", "/etc/holdfast", LAYOUT.stateFolder, "-type", "f");
    await install(1);
    expect(await root.must("dpkg-query", "--show", "--showformat=${Version}", "holdfast")).toBe("0.1.0-2");
    expect(await root.must("find", "/etc/holdfast", LAYOUT.stateFolder, "-type", "f")).toBe(before);
    expect(before).toContain("/etc/holdfast/gateway.yaml");
    await using running = await started();
    // no configuration is applied: the last good one is there
    await online();
    expect(running.rooms[1]?.manager.received.map(({ message }) => message)).toContain(
      "STATUS=polling the last good configuration",
    );
  });

  test("removed, it leaves configuration and state for another day; purged, it leaves nothing", async () => {
    await root.must("dpkg", "--remove", "holdfast");
    expect(existsSync(join(root.path, RUNTIME))).toBe(false);
    expect(existsSync(join(root.path, "etc/holdfast/tls/gateway.key"))).toBe(true);
    expect(root.read("etc/passwd")).toMatch(ACCOUNTS);
    await root.must("dpkg", "--purge", "holdfast");
    const find = ["find", "/etc", "/lib", "/run", "/usr", "/var", "-name", "*holdfast*"] as const;
    // dpkg's own notes on what it did
    const left = (await root.must(...find)).split("\n").filter((path) => !/^$|^\/var\/(?:log|cache)\//.test(path));
    expect(left).toEqual([]);
    for (const file of ["passwd", "group", "shadow", "gshadow"]) expect(root.read(`etc/${file}`)).not.toMatch(ACCOUNTS);
  });

  test(
    "under its real service manager it starts, polls, survives, follows its file, is upgraded, removed and purged",
    async () => {
      const scene = join(root.path, SCENE_FOLDER);
      mkdirSync(scene);
      for (const [index, name] of ["first.deb", "second.deb"].entries()) {
        copyFileSync(join(root.path, packages[index] ?? ""), join(scene, name));
      }
      // the key as a credential, which only the running uplink ever sees
      const key = "/run/credentials/holdfast-uplink.service/holdfast.uplink-key-encrypted";
      commission(root, works, siteFile(works, key), join(SCENE_FOLDER, "site"));
      const fenced = "CapEff 0000000000000000 CapBnd 0000000000000000 NoNewPrivs 1 Seccomp 2";
      const polling = expect.stringMatching(/^polling configuration [0-9a-f]{12}$/) as string;
      expect(await playScene(root)).toEqual({
        "after-install": "active active active active active",
        waits: "waiting for a configuration",
        credentials: "holdfast.uplink-key-encrypted holdfast.uplink-password",
        online: "yes",
        polls: polling,
        "fence-keeper": fenced,
        "fence-field": fenced,
        "fence-uplink": fenced,
        journal: "64.0M",
        intruder:
          "state:EACCES system:EROFS credentials:EACCES own-credential:done namespace:refused listen:EPERM control:EACCES",
        alive: "yes",
        watchdog: "yes",
        "polls-again": "yes",
        "applies-change": "yes",
        refuses: "yes",
        "after-refusal": "active active active",
        "still-online": "yes",
        mends: "yes",
        upgraded: "0.1.0-2",
        restarted: "yes",
        "changed-unit": "30s",
        "after-remove": "inactive inactive inactive",
        failed: "",
        left: "",
        accounts: "0 0",
        end: "yes",
      });
    },
    SETUP_MS,
  );
});

import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxDatagrams } from "../../hal/linux/datagram.ts";
import { linuxEntropy } from "../../hal/linux/entropy.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { linuxWayFinder } from "../../hal/linux/route.ts";
import { serialSelfTest } from "../../hal/linux/serial.ts";
import { unixDialer } from "../contract/unix-door.ts";
import { readSinkMaterial } from "../process/sink-material.ts";
import { readTlsMaterial } from "../process/tls-material.ts";
import { DEFAULT_RUN_FOLDER, DEFAULT_STATE_FOLDER, doorPath } from "../process/layout.ts";
import { alarmsCommand } from "./alarms.ts";
import { configApplyCommand } from "./config-apply.ts";
import { configCommand } from "./config.ts";
import { inventoryCommand } from "./inventory.ts";
import { misused } from "./io.ts";
import type { CommandIo } from "./io.ts";
import { outputsCommand } from "./outputs.ts";
import { selfTestCommand } from "./self-test.ts";
import { statusCommand } from "./status.ts";
import { telemetryCommand } from "./telemetry-decode.ts";
import { whyCommand } from "./why/command.ts";
import type { UplinkTestParts } from "./uplink-test/command.ts";

/** The commands that end by themselves, with the drivers they need. */
export function localCommand(
  command:
    | "status"
    | "why"
    | "config"
    | "self-test"
    | "telemetry"
    | "uplink"
    | "notify"
    | "outputs"
    | "alarms"
    | "inventory"
    | "discover",
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  const network = linuxNetwork();
  const parts = {
    clock: linuxClock(),
    dialControl: (path: string) => unixDialer(network, path),
    defaultControlPath:
      process.env["HOLDFAST_CONTROL"] ??
      doorPath({ stateFolder: DEFAULT_STATE_FOLDER, runFolder: DEFAULT_RUN_FOLDER }, "control"),
    env: process.env,
  };
  switch (command) {
    case "status":
      return statusCommand(args, parts, io);
    case "why":
      return whyCommand(args, parts, io);
    case "inventory":
      return inventoryCommand(args, parts, io);
    case "discover":
      return import("./discover/run.ts").then(({ runDiscover }) => runDiscover(args, { ...parts, network }, io));
    case "alarms":
      return alarmsCommand(args, { ...parts, who: whoTypes() }, io);
    case "outputs":
      return outputsCommand(args, { ...parts, who: whoTypes() }, io);
    case "config":
      return args[0] === "apply"
        ? configApplyCommand(args.slice(1), parts, io)
        : configCommand([...args], { ...io, readFile: (path: string) => readFile(path, "utf8") });
    case "uplink":
      return uplinkCommand(args, { clock: parts.clock, network }, io);
    case "notify":
      return notifyCommand(args, { clock: parts.clock, network }, io);
    case "telemetry":
      return telemetryCommand(args, {
        ...io,
        open: (path) => (path === undefined ? process.stdin : createReadStream(path)),
        gone: standardOutputGone(),
      });
    case "self-test":
      return selfTestCommand(args, { serial: serialSelfTest }, io);
  }
}

async function uplinkCommand(
  [verb, ...rest]: readonly string[],
  parts: Pick<UplinkTestParts, "clock" | "network">,
  io: CommandIo,
): Promise<number> {
  if (verb !== "test") return misused(io, "uplink wants: test FILE");
  const { uplinkTestCommand } = await import("./uplink-test/command.ts");
  return uplinkTestCommand(
    rest,
    {
      ...parts,
      finder: linuxWayFinder(),
      material: readTlsMaterial,
      nonce: `holdfast uplink test ${Buffer.from(linuxEntropy().bytes(12)).toString("base64url")}`,
      readFile: (path) => readFile(path, "utf8"),
    },
    io,
  );
}

async function notifyCommand(
  [verb, ...rest]: readonly string[],
  parts: Pick<UplinkTestParts, "clock" | "network">,
  io: CommandIo,
): Promise<number> {
  if (verb !== "test") return misused(io, "notify wants: test FILE");
  const { notifyTestCommand } = await import("./notify-test.ts");
  return notifyTestCommand(
    rest,
    {
      ...parts,
      datagrams: linuxDatagrams(),
      material: readSinkMaterial,
      nonce: `test-${Buffer.from(linuxEntropy().bytes(12)).toString("base64url")}`,
      readFile: (path) => readFile(path, "utf8"),
    },
    io,
  );
}

/** A pipe that its reader closed: without anybody listening, the error of writing to it would end the process. */
function standardOutputGone(): AbortSignal {
  const gone = new AbortController();
  process.stdout.on("error", () => gone.abort());
  return gone.signal;
}

/** What the machine knows of whoever types this: sudo's word for who they were before. */
function whoTypes(): string {
  const uid = process.getuid?.() ?? -1;
  const before = process.env["SUDO_USER"];
  if (before !== undefined) return `${before} (uid ${uid})`;
  try {
    return `${userInfo().username} (uid ${uid})`;
  } catch {
    // a user id without an entry in the user database, as containers have them
    return `uid ${uid}`;
  }
}

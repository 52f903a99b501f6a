import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxEntropy } from "../../hal/linux/entropy.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { linuxWayFinder } from "../../hal/linux/route.ts";
import { serialSelfTest } from "../../hal/linux/serial.ts";
import { unixDialer } from "../contract/unix-door.ts";
import { readTlsMaterial } from "../process/tls-material.ts";
import { DEFAULT_RUN_FOLDER, DEFAULT_STATE_FOLDER, doorPath } from "../process/layout.ts";
import { configApplyCommand } from "./config-apply.ts";
import { configCommand } from "./config.ts";
import { misused } from "./io.ts";
import type { CommandIo } from "./io.ts";
import { selfTestCommand } from "./self-test.ts";
import { statusCommand } from "./status.ts";
import { telemetryCommand } from "./telemetry-decode.ts";
import type { UplinkTestParts } from "./uplink-test/command.ts";

/** The commands that end by themselves, with the drivers they need. */
export function localCommand(
  command: "status" | "config" | "self-test" | "telemetry" | "uplink",
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  const network = linuxNetwork();
  const parts = {
    clock: linuxClock(),
    dialControl: (path: string) => unixDialer(network, path),
    defaultControlPath: doorPath({ stateFolder: DEFAULT_STATE_FOLDER, runFolder: DEFAULT_RUN_FOLDER }, "control"),
  };
  switch (command) {
    case "status":
      return statusCommand(args, parts, io);
    case "config":
      return args[0] === "apply"
        ? configApplyCommand(args.slice(1), parts, io)
        : configCommand([...args], { ...io, readFile: (path: string) => readFile(path, "utf8") });
    case "uplink":
      return uplinkCommand(args, { clock: parts.clock, network }, io);
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

/** A pipe that its reader closed: without anybody listening, the error of writing to it would end the process. */
function standardOutputGone(): AbortSignal {
  const gone = new AbortController();
  process.stdout.on("error", () => gone.abort());
  return gone.signal;
}

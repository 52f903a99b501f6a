import { readFile } from "node:fs/promises";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { serialSelfTest } from "../../hal/linux/serial.ts";
import { unixDialer } from "../contract/unix-door.ts";
import { DEFAULT_RUN_FOLDER, DEFAULT_STATE_FOLDER, doorPath } from "../process/layout.ts";
import { configApplyCommand } from "./config-apply.ts";
import { configCommand } from "./config.ts";
import type { CommandIo } from "./io.ts";
import { selfTestCommand } from "./self-test.ts";
import { statusCommand } from "./status.ts";

/** The commands that end by themselves, with the drivers they need. */
export function localCommand(
  command: "status" | "config" | "self-test",
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
    case "self-test":
      return selfTestCommand(args, { serial: serialSelfTest }, io);
  }
}

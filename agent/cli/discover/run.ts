import { realpath } from "node:fs/promises";
import type { Network } from "../../../hal/network.ts";
import { linuxSerial } from "../../../hal/linux/serial.ts";
import type { CommandIo } from "../io.ts";
import { discoverCommand } from "./command.ts";
import type { DiscoverParts } from "./command.ts";

/** `holdfast discover` on this machine: Ctrl-C ends it between two questions, with the port closed. */
export async function runDiscover(
  args: readonly string[],
  parts: Pick<DiscoverParts, "clock" | "dialControl" | "defaultControlPath"> & { readonly network: Network },
  io: CommandIo,
): Promise<number> {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());
  return discoverCommand(
    args,
    {
      ...parts,
      serial: () => Promise.resolve(linuxSerial()),
      realPath: (path) => realpath(path).catch(() => path),
      stop: stop.signal,
    },
    io,
  );
}

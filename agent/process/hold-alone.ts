import { rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Server } from "node:net";
import { join } from "node:path";
import type { Layout } from "./layout.ts";
import { SupervisorError } from "./supervisor-error.ts";

/**
 * Holds the run folder for this supervisor alone: two gateways in the same folders would take each other's sockets and
 * serial lines, again and again. A socket is held, not a file: it is free the moment its holder is gone, however it went.
 * @throws {SupervisorError} `RUN_ALREADY_RUNNING`
 */
export async function holdAlone(layout: Layout): Promise<AsyncDisposable> {
  const path = join(layout.runFolder, "supervisor");
  if (await answers(path)) {
    throw new SupervisorError(
      "RUN_ALREADY_RUNNING",
      `a gateway runs in ${layout.runFolder} already; stop it, or name other folders with --state and --run`,
    );
  }
  rmSync(path, { force: true });
  const server = createServer((socket) => socket.destroy());
  await listening(server, path);
  server.unref();
  return {
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
}

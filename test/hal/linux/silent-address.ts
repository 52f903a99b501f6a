import { connect } from "node:net";
import { Worker } from "node:worker_threads";
import { turns } from "../real-time.ts";

/** Accepts nobody: its thread never comes back, and the kernel's queue holds two. */
const DEAF = `
  const { createServer } = require("node:net");
  const { parentPort } = require("node:worker_threads");
  const server = createServer().listen({ host: "127.0.0.2", port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });`;

/** A port on 127.0.0.2 where the kernel drops every attempt to connect, as if there were nobody. */
export async function silentAddress(): Promise<{ readonly host: string; readonly port: number } & AsyncDisposable> {
  const host = "127.0.0.2";
  const worker = new Worker(DEAF, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once("message", resolve));
  const queued = [1, 2, 3].map(() => connect(port, host).on("error", () => {}));
  await turns();
  if (queued.at(-1)?.readyState !== "opening") throw new Error(`${host} port ${port} still answers`);
  return {
    host,
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of queued) socket.destroy();
      await worker.terminate();
    },
  };
}

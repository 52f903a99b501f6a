import { readFileSync } from "node:fs";
import mqtt from "mqtt";
import type { PemPaths } from "./pki.ts";

/** An observer at the broker that waits for a gateway's marks. */
export interface MarkWatch extends AsyncDisposable {
  /** Resolves when the broker hands on the next mark from now, which is when it acknowledges it. */
  next(signal: AbortSignal): Promise<void>;
}

export async function watchMarks(port: number, material: PemPaths): Promise<MarkWatch> {
  const client = await mqtt.connectAsync({
    protocol: "mqtts",
    host: "127.0.0.1",
    port,
    clientId: "bench-observer",
    ca: readFileSync(material.anchors),
    cert: readFileSync(material.certificate),
    key: readFileSync(material.key),
  });
  await client.subscribeAsync("holdfast/v1/+/+/mark", { qos: 1 });
  return {
    next(signal) {
      return new Promise((resolve, reject) => {
        const onMessage = (): void => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        };
        const onAbort = (): void => {
          client.off("message", onMessage);
          reject(signal.reason as Error);
        };
        signal.addEventListener("abort", onAbort, { once: true });
        client.once("message", onMessage);
      });
    },
    async [Symbol.asyncDispose]() {
      await client.endAsync(true);
    },
  };
}

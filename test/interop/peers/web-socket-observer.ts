import mqtt from "mqtt";
import type { Observer, Seen } from "./observer.ts";

const RECONNECT_MS = 100;

/** Sees everything on a broker whose only listener is one for WebSocket without TLS; it comes back when the broker does. */
export async function observeWebSocket(port: number): Promise<Observer> {
  const seen: Seen[] = [];
  const client = mqtt.connect(`ws://127.0.0.1:${port}/mqtt`, { protocolVersion: 4, reconnectPeriod: RECONNECT_MS });
  client.on("error", () => {}); // it tries again
  client.on("message", (topic, payload, { qos, retain }) => {
    seen.push({ topic, payload, qos, retain, timeMs: Date.now() });
  });
  await new Promise((resolve) => client.once("connect", resolve));
  await client.subscribeAsync("#", { qos: 1 });
  return {
    seen,
    async [Symbol.asyncDispose]() {
      await client.endAsync(true);
    },
  };
}

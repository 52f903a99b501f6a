import { attempt } from "./attempt.ts";
import type { Offer } from "./attempt.ts";
import { tellRules } from "./echo.ts";
import type { Ear } from "./echo.ts";
import type { Tell } from "./finding.ts";
import type { WalkOrder, WalkParts } from "./order.ts";
import { tellWay } from "./reach.ts";

/** Walks the whole way to one broker, telling each step as it is taken. False as soon as one fails. */
export async function walk(parts: WalkParts, order: WalkOrder, tell: Tell): Promise<boolean> {
  const { clock, finder } = parts;
  const addresses = await tellWay(clock, finder, order.broker, order.interfaceName, tell);
  if (addresses === undefined) return false;
  const { ear, hear } = openEar();
  const version = order.broker.protocol === "3.1.1" ? "3.1.1" : "5";
  let offer: Offer | undefined = { version, keyExchange: "hybrid", shunned: [] };
  while (offer !== undefined) {
    const outcome = await attempt(parts, order, { offer, addresses, hear, tell });
    if (outcome.connection === undefined) {
      offer = outcome.next;
      continue;
    }
    const { connection } = outcome;
    try {
      return await tellRules({ clock, connection, ear, nonce: parts.nonce, tell }, order.part, order.source);
    } finally {
      connection.leave();
      await connection.closed;
    }
  }
  return false;
}

/** Retained messages of others may come, too. */
const HEARD_MAX = 100;

function openEar(): { readonly ear: Ear; readonly hear: (topic: string, payload: Uint8Array) => void } {
  const heard: { readonly topic: string; readonly payload: Uint8Array }[] = [];
  const waiting = new Set<() => void>();
  const ear: Ear = {
    hear: (topic, payload) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (heard.some((one) => one.topic === topic && Buffer.compare(one.payload, payload) === 0)) resolve();
        };
        waiting.add(look);
        look();
      }),
  };
  return {
    ear,
    hear(topic, payload) {
      if (heard.length < HEARD_MAX) heard.push({ topic, payload });
      for (const look of waiting) look();
    },
  };
}

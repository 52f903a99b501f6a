import { DataType } from "../sparkplug/datatype.ts";
import { decodePayload } from "../sparkplug/decode.ts";
import type { Metric } from "../sparkplug/payload.ts";
import { deviceTopic, nodeTopic } from "../sparkplug/topic.ts";
import type { EdgeNodeId } from "../sparkplug/topic.ts";
import { REBIRTH } from "./birth.ts";

/** What a message on a command topic comes to. */
export type Command =
  | { readonly kind: "rebirth" | "nothing"; readonly writesRefused: number }
  | { readonly kind: "malformed" | "oversize"; readonly message: string };

/**
 * Reads an NCMD or DCMD. Rebirth is the only thing an unsigned message may ask for, since it changes nothing but what
 * hosts know; whatever else is in it is a write, refused and counted.
 * @see Sparkplug B 3.0 §5.12 (Commands)
 */
export function readCommand(id: EdgeNodeId, topic: string, payload: Uint8Array, retained: boolean): Command {
  const toNode = topic === nodeTopic(id, "NCMD");
  if (!toNode && !topic.startsWith(deviceTopic(id, "DCMD", ""))) {
    return { kind: "malformed", message: "a topic nobody subscribed to" };
  }
  // it would ask again at every connect, long after whoever sent it is gone
  if (retained) return { kind: "malformed", message: "a retained command" };
  const decoded = decodePayload(payload);
  if ("refusal" in decoded) {
    return { kind: decoded.refusal === "PAYLOAD_LIMIT" ? "oversize" : "malformed", message: decoded.message };
  }
  const { metrics } = decoded.payload;
  const rebirths = toNode ? metrics.filter(asksForRebirth).length : 0;
  return { kind: rebirths > 0 ? "rebirth" : "nothing", writesRefused: metrics.length - rebirths };
}

function asksForRebirth({ name, type, value }: Metric): boolean {
  return name === REBIRTH && value === true && (type === undefined || type === DataType.Boolean);
}

import { UplinkError } from "../mqtt/fault.ts";
import { deviceTopic, nodeTopic } from "../sparkplug/topic.ts";
import type { EdgeNodeId } from "../sparkplug/topic.ts";
import { deviceBirth, deviceDeath, nodeBirth, nodeData } from "./birth.ts";
import type { NodeFacts } from "./birth.ts";
import { WAITING_BYTES_MAX } from "./limits.ts";
import { templateDefinitions } from "./point-value.ts";
import type { Source } from "./source.ts";
import { payloadBytesMax } from "./wire.ts";
import type { Wire } from "./wire.ts";

const SEQ_VALUES = 256;

/** One MQTT session's worth of Sparkplug: births before data, one `seq` over node and devices. */
export interface EdgeNode {
  readonly wire: Wire;
  /** wall clock of the newest NBIRTH: what was sampled before it is history */
  readonly bornMs: number;
  /** The next `seq`: 0 in every NBIRTH, 1 in the message after it, 0 again after 255. */
  nextSeq(): number;
  /**
   * NBIRTH, then as many DBIRTHs as the socket takes; the rest with `continueBirths`. Devices that are offline wait. A
   * connection that cannot carry the NBIRTH is cut with `UPLINK_BIRTH_TOO_LARGE`, since nothing may go without it.
   * @returns whether the NBIRTH went
   */
  birth(sources: readonly Source[], facts: NodeFacts, nowMs: number): boolean;
  /** True once every device has its birth: before that no data may go. */
  continueBirths(nowMs: number): boolean;
  /** False where the birth is larger than a packet may be. */
  bear(source: Source, nowMs: number): boolean;
  die(source: Source, nowMs: number): void;
  /** NDATA where a fact changed since the births or the NDATA before. */
  tell(facts: NodeFacts, nowMs: number): void;
}

export interface EdgeNodeEvents {
  /** A DBIRTH of so many bytes, which no packet can carry. */
  birthTooLarge(source: Source, bytes: number, bytesMax: number): void;
}

/** @see Sparkplug B 3.0 §5 (Operational Behavior) */
export function openEdgeNode(id: EdgeNodeId, bdSeq: number, wire: Wire, events: EdgeNodeEvents): EdgeNode {
  let seq = 0;
  let bornMs = 0;
  let told: NodeFacts | undefined;
  let waiting: Source[] = [];
  const nextSeq = (): number => {
    seq = (seq + 1) % SEQ_VALUES;
    return seq;
  };
  const bear = (source: Source, nowMs: number): boolean => {
    const topic = deviceTopic(id, "DBIRTH", source.name);
    const trust = told?.clockTrust ?? "untrusted";
    const payload = deviceBirth(source, trust, (seq + 1) % SEQ_VALUES, nowMs);
    const bytesMax = payloadBytesMax(wire, topic);
    source.unbearable = payload.length > bytesMax;
    if (source.unbearable) {
      events.birthTooLarge(source, payload.length, bytesMax);
      return false;
    }
    nextSeq();
    wire.publish(topic, payload, "live");
    source.born = true;
    source.shownTrust = trust;
    source.behind = false;
    for (const point of source.points) {
      point.shownMs = point.timeMs;
      point.shownQuality = point.quality;
      point.behind = false;
    }
    return true;
  };
  const continueBirths = (nowMs: number): boolean => {
    let i = 0;
    for (; i < waiting.length && wire.waitingBytes() < WAITING_BYTES_MAX; i++) {
      const source = waiting[i] as Source;
      if (source.online && !source.born) bear(source, nowMs);
    }
    waiting = waiting.slice(i);
    return waiting.length === 0;
  };
  return {
    wire,
    get bornMs() {
      return bornMs;
    },
    nextSeq,
    bear,
    continueBirths,
    birth(sources, facts, nowMs) {
      seq = 0;
      bornMs = nowMs;
      told = facts;
      for (const source of sources) {
        source.born = false;
        // every value that still waits is history by its time alone; a clock that was set back makes that one false
        for (const point of source.points) point.saidMs = Number.NEGATIVE_INFINITY;
      }
      waiting = [...sources];
      const topic = nodeTopic(id, "NBIRTH");
      const payload = nodeBirth(facts, bdSeq, templateDefinitions(sources, nowMs), nowMs);
      const bytesMax = payloadBytesMax(wire, topic);
      if (payload.length > bytesMax) {
        const said = `the birth of the node takes ${payload.length} bytes, ${bytesMax} allowed: nothing can be published`;
        wire.cut(new UplinkError("UPLINK_BIRTH_TOO_LARGE", said));
        return false;
      }
      wire.publish(topic, payload, "live");
      continueBirths(nowMs);
      return true;
    },
    die(source, nowMs) {
      wire.publish(deviceTopic(id, "DDEATH", source.name), deviceDeath(nextSeq(), nowMs), "live");
      source.born = false;
    },
    tell(facts, nowMs) {
      const data = told === undefined ? undefined : nodeData(told, facts, (seq + 1) % SEQ_VALUES, nowMs);
      if (data === undefined) return;
      nextSeq();
      wire.publish(nodeTopic(id, "NDATA"), data, "live");
      told = facts;
    },
  };
}

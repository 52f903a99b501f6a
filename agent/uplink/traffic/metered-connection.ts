import type { Clock } from "../../../hal/clock.ts";
import type { BrokerSnapshot, UplinkSnapshot } from "../../config/snapshot.ts";
import type { TrafficClass } from "../../contract/uplink-status.ts";
import type { Connection } from "../mqtt/connection.ts";
import type { ProtocolVersion } from "../mqtt/protocol.ts";
import { inboundRate } from "./inbound-rate.ts";
import type { Meter } from "./meter.ts";
import { usedUp } from "./used-up.ts";

/** MQTT's own numbers: type and flags, topic length, packet identifier at QoS 1. @see MQTT 5 §2.1, §3.3 */
const FIXED_BYTES = 3;
const PACKET_ID_BYTES = 2;
/** MQTT 5: the length of no properties. */
const NO_PROPERTIES_BYTES = 1;

function packetBytes(topic: string, payload: Uint8Array, acknowledged: boolean, protocol: ProtocolVersion): number {
  const properties = protocol === "5" ? NO_PROPERTIES_BYTES : 0;
  const rest = Buffer.byteLength(topic) + (acknowledged ? PACKET_ID_BYTES : 0) + properties + payload.length;
  // the remaining length takes a byte for every seven bits
  return FIXED_BYTES + Math.ceil(Math.log2(rest + 3) / 7) + rest;
}

/** The connection, with what it publishes counted, and asked about the budget and the broker's inbound rate. */
export function meteredConnection(
  connection: Connection,
  meter: Meter,
  clock: Pick<Clock, "monotonicMs">,
  { budget, publishMs }: Pick<UplinkSnapshot, "budget" | "publishMs">,
  broker: BrokerSnapshot,
): Connection {
  const rate = inboundRate(broker, publishMs);
  const count = (bytes: number, traffic: TrafficClass): void => {
    meter.published(traffic, bytes);
    rate.took(bytes, clock.monotonicMs());
  };
  return {
    ...connection,
    allows: (traffic) =>
      connection.allows(traffic) && rate.allows(clock.monotonicMs()) && !usedUp(meter, budget).includes(traffic),
    // births go whatever the budget says, but not faster than the broker takes them: it would drop the rest
    waitingBytes: () => (rate.allows(clock.monotonicMs()) ? connection.waitingBytes() : Number.POSITIVE_INFINITY),
    publish(topic, payload, traffic) {
      count(packetBytes(topic, payload, false, connection.protocol), traffic);
      connection.publish(topic, payload, traffic);
    },
    publishAcknowledged(topic, payload, ...rest) {
      count(packetBytes(topic, payload, true, connection.protocol), "management");
      connection.publishAcknowledged(topic, payload, ...rest);
    },
  };
}

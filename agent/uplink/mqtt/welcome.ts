import type { IConnackPacket } from "mqtt";
import type { BrokerSnapshot } from "../../config/snapshot.ts";
import { UplinkError } from "./fault.ts";
import type { UplinkErrorCode } from "./fault.ts";
import { foreignText } from "./foreign-text.ts";

/** What a broker said as it took CONNECT, with what the configuration says where it said nothing. */
export interface Welcome {
  /** longest MQTT packet both sides allow */
  readonly packetBytesMax: number;
  /** QoS 1 messages the broker takes before it has acknowledged one */
  readonly inFlightMax: number;
  /** whether it keeps retained messages */
  readonly retains: boolean;
  /** seconds of silence after which the broker takes the gateway for dead, before its tolerance of a half */
  readonly keepaliveS: number;
}

const IN_FLIGHT_MAX = 65_535;
/** Return and reason codes that mean: not this version of MQTT. */
const VERSION_REFUSED = new Set([0x01, 0x84]);
/** Bad user name or password. */
const PASSWORD_REFUSED = new Set([0x04, 0x86]);
/** "Use another server" and "Server moved". */
const MOVED = new Set([0x9c, 0x9d]);

/**
 * @param keepaliveS as CONNECT declared it
 * @throws {UplinkError} `UPLINK_QOS_UNSUPPORTED`: without acknowledgement nothing would ever count as delivered
 */
export function welcomeOf(broker: BrokerSnapshot, keepaliveS: number, { properties }: IConnackPacket): Welcome {
  if (properties?.maximumQoS === 0) {
    throw new UplinkError("UPLINK_QOS_UNSUPPORTED", "the broker takes QoS 0 alone");
  }
  return {
    packetBytesMax: Math.min(broker.packetBytesMax, properties?.maximumPacketSize ?? broker.packetBytesMax),
    inFlightMax: properties?.receiveMaximum ?? IN_FLIGHT_MAX,
    retains: broker.retains && properties?.retainAvailable !== false,
    // 0: this broker ends nobody for silence; whatever is on the way still may
    keepaliveS: properties?.serverKeepAlive || keepaliveS,
  };
}

/** A refusal in CONNACK as an error with what the broker said about it, but for the password it was told. */
export function refusalOf(
  code: number,
  { properties }: IConnackPacket,
  cause: Error,
  password: string | undefined,
): UplinkError {
  if (MOVED.has(code)) return moved(code, properties?.serverReference, cause);
  const reason = properties?.reasonString;
  const said = `the broker answered CONNECT with ${code}: ${cause.message}`;
  return new UplinkError(codeOf(code), reason === undefined ? said : `${said}, ${foreignText(reason, [password])}`, {
    cause,
  });
}

/**
 * A broker that sends us elsewhere is not obeyed: it would decide whom the gateway talks to, and two of them could send
 * it in a circle.
 */
export function moved(code: number, reference: string | undefined, cause?: unknown): UplinkError {
  const where = reference === undefined ? "another one, without a name" : foreignText(reference);
  const said = `the broker says with ${code} that the gateway belongs to ${where}`;
  return new UplinkError("UPLINK_BROKER_MOVED", said, { cause });
}

/** @param code of CONNACK or DISCONNECT */
export function isMoved(code: number): boolean {
  return MOVED.has(code);
}

function codeOf(code: number): UplinkErrorCode {
  if (VERSION_REFUSED.has(code)) return "UPLINK_PROTOCOL_REFUSED";
  return PASSWORD_REFUSED.has(code) ? "UPLINK_PASSWORD_REFUSED" : "UPLINK_BROKER_REFUSED";
}

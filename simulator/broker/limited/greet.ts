import type { IConnackPacket, IConnectPacket } from "mqtt-packet";
import { keepaliveS } from "./client.ts";
import { REASONS, topicExcess } from "./limits.ts";
import type { Excess, Limits } from "./limits.ts";
import type { Mischief } from "./mischief.ts";

const USE_ANOTHER_SERVER = 0x9c;
/** What MQTT 3.1.1 has for any refusal: server unavailable, bad identifier, bad user name, not authorised. */
const RETURN_CODES: Partial<Readonly<Record<Excess, number>>> = { "client-id": 2, username: 4, forbidden: 5 };
const UNAVAILABLE = 3;

export interface Judgement {
  readonly connack: IConnackPacket;
  readonly excess?: { readonly excess: Excess; readonly detail: string };
}

/** Judges a CONNECT and says what is answered. */
export function judgeConnect(
  limits: Limits,
  mischief: Mischief,
  connect: IConnectPacket,
  facts: { readonly known: boolean; readonly usernameNeeded: boolean; readonly connectsInSecond: number },
): Judgement {
  const found = excessOf(limits, connect, facts);
  if (found !== undefined && found.excess !== "keepalive") {
    return { connack: refusal(connect, REASONS[found.excess], RETURN_CODES[found.excess]), excess: found };
  }
  const excess = found === undefined ? {} : { excess: found };
  if (mischief.redirectTo !== undefined) {
    const connack = refusal(connect, USE_ANOTHER_SERVER, undefined);
    return { connack: { ...connack, properties: { serverReference: mischief.redirectTo } }, ...excess };
  }
  return { connack: acceptance(limits, connect), ...excess };
}

function excessOf(
  limits: Limits,
  connect: IConnectPacket,
  facts: { readonly known: boolean; readonly usernameNeeded: boolean; readonly connectsInSecond: number },
): Judgement["excess"] {
  const { clientId, will, keepalive = 0 } = connect;
  if (!facts.known) return { excess: "forbidden", detail: clientId };
  if (facts.connectsInSecond > (limits.connectsPerSecondMax ?? facts.connectsInSecond)) {
    return { excess: "connect-rate", detail: `${facts.connectsInSecond} in a second` };
  }
  if (Buffer.byteLength(clientId) > limits.clientIdBytesMax) return { excess: "client-id", detail: clientId };
  if (facts.usernameNeeded && connect.username === undefined) return { excess: "username", detail: "none" };
  if (will !== undefined) {
    const beyond = topicExcess(limits, will.topic);
    if (beyond !== undefined) return { excess: "topic", detail: `a Will with ${beyond}` };
    if ((will.qos ?? 0) > limits.qosMax) return { excess: "qos", detail: `a Will at QoS ${will.qos}` };
    if (will.retain === true && !limits.retains) return { excess: "retained", detail: "a Will" };
  }
  return keepalive === keepaliveS(limits, connect) ? undefined : { excess: "keepalive", detail: `${keepalive} s` };
}

function refusal(connect: IConnectPacket, reasonCode: number, returnCode = UNAVAILABLE): IConnackPacket {
  const code = connect.protocolVersion === 5 ? { reasonCode } : { returnCode };
  return { cmd: "connack", sessionPresent: false, ...code };
}

function acceptance(limits: Limits, connect: IConnectPacket): IConnackPacket {
  if (connect.protocolVersion !== 5) return { cmd: "connack", sessionPresent: false, returnCode: 0 };
  return {
    cmd: "connack",
    sessionPresent: false,
    reasonCode: 0,
    properties: {
      receiveMaximum: limits.inFlightMax,
      maximumPacketSize: limits.packetBytesMax,
      retainAvailable: limits.retains,
      ...(limits.qosMax === 2 ? {} : { maximumQoS: limits.qosMax }),
      ...(connect.keepalive === keepaliveS(limits, connect) ? {} : { serverKeepAlive: keepaliveS(limits, connect) }),
    },
  };
}

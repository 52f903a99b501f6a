import { HalError } from "../../../hal/error.ts";
import { refusedCertificate } from "../../../hal/tls.ts";
import type { BrokerSnapshot } from "../../config/snapshot.ts";
import { foreignText } from "./foreign-text.ts";

/** What can go wrong between the gateway and its broker. The machine's own refusals keep their `HAL_…` codes. */
export type UplinkErrorCode =
  | "UPLINK_TCP_TIMEOUT" // no TCP connection in time: firewall, wrong address, broker down
  | "UPLINK_PROXY_AWAY" // the proxy itself is not reached
  | "UPLINK_PROXY_TIMEOUT" // the proxy never answered CONNECT
  | "UPLINK_PROXY_CLOSED" // the proxy hung up instead of answering
  | "UPLINK_PROXY_REFUSED" // the proxy's rules: this broker, or this port
  | "UPLINK_PROXY_CREDENTIAL_REFUSED" // the proxy wants a user name and password, or others
  | "UPLINK_PROXY_SCHEME" // the proxy wants an authentication that is not Basic
  | "UPLINK_PROXY_NO_WAY_ON" // the proxy does not reach the broker
  | "UPLINK_PROXY_NO_TUNNEL" // no proxy at all, or one that says yes and opens nothing: a captive portal
  | "UPLINK_WEBSOCKET_TIMEOUT" // encrypted, but the WebSocket request was never answered
  | "UPLINK_WEBSOCKET_REFUSED" // a web server without MQTT at that path, or one that keeps us out
  | "UPLINK_TLS_TIMEOUT" // connected, but the handshake never ended: a plain MQTT port, or a stuck broker
  | "UPLINK_CONNACK_TIMEOUT" // encrypted, but CONNECT was never answered
  | "UPLINK_SUBACK_TIMEOUT" // connected, but SUBSCRIBE was never answered
  | "UPLINK_BROKER_UNTRUSTED" // the broker's certificate does not chain to the configured anchors, or its time is over
  | "UPLINK_BROKER_WRONG_NAME" // a good certificate of somebody else
  | "UPLINK_BROKER_EXPIRED" // the broker's certificate ended while we were connected
  | "UPLINK_TLS_MISMATCH" // no version, cipher or key exchange that both sides allow
  | "UPLINK_CREDENTIAL_REFUSED" // the broker does not take our certificate
  | "UPLINK_CONNECT_CLOSED" // closed instead of a CONNACK: not every broker says that it does not take our certificate
  | "UPLINK_BROKER_REFUSED" // CONNACK said no
  | "UPLINK_PASSWORD_REFUSED" // CONNACK said: bad user name or password
  | "UPLINK_BROKER_MOVED" // the broker sends us to another one, which is never followed
  | "UPLINK_QOS_UNSUPPORTED" // the broker acknowledges nothing: QoS 0 alone
  | "UPLINK_PROTOCOL_REFUSED" // CONNACK said: not this MQTT version
  | "UPLINK_CONNECTION_LOST" // the broker or the network ended the connection
  | "UPLINK_INTERFACE_DOWN" // the interface that the connection left by lost its link or its address
  | "UPLINK_KEEPALIVE_TIMEOUT" // PINGREQ was never answered
  | "UPLINK_MARK_UNACKNOWLEDGED" // a mark's PUBACK never came
  | "UPLINK_PUBLISH_REFUSED" // PUBACK said no: the broker's access rules
  | "UPLINK_SUBSCRIBE_REFUSED" // SUBACK said no: no host can ask for a rebirth
  | "UPLINK_COMMANDS_UNHEARD" // messages on the command topics ended several connections: they are left out for a while
  | "UPLINK_PRIMARY_HOST_AWAY" // the primary host said it is offline, or nothing at all: the next broker may have it
  | "UPLINK_PACKET_TOO_LARGE" // the broker announced a packet so long that not even dropping it is worth its bytes
  | "UPLINK_PROTOCOL_ERROR" // bytes that are not MQTT, or a packet that has no place here
  | "UPLINK_BIRTH_TOO_LARGE" // more points of a device, or templates of the node, than one packet can declare
  | "UPLINK_MATERIAL_FAILED" // our certificate, key or anchors could not be had
  | "UPLINK_STATE_FAILED" // bdSeq or the configuration could not be stored
  | "UPLINK_FIELD_REFUSED"; // a message of `field` that has no place in its conversation

export class UplinkError extends Error {
  readonly code: UplinkErrorCode;
  constructor(code: UplinkErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "UplinkError";
    this.code = code;
  }
}

/** What a person does next, by code; the rest of the codes say it themselves. */
const NEXT_STEP: Readonly<Record<string, string>> = {
  UPLINK_TCP_TIMEOUT: "check address, port and firewall",
  UPLINK_PROXY_AWAY: "check uplink.broker.proxy.url and that the proxy runs",
  UPLINK_PROXY_TIMEOUT: "check uplink.broker.proxy.url and look at the proxy's log",
  UPLINK_PROXY_CLOSED: "check uplink.broker.proxy.url and look at the proxy's log",
  UPLINK_PROXY_REFUSED: "have the proxy's rules allow CONNECT to this broker and port; many allow 443 alone",
  UPLINK_PROXY_CREDENTIAL_REFUSED: "check uplink.broker.proxy.username and passwordFile",
  UPLINK_PROXY_SCHEME: "ask for a Basic account, or a rule that lets this gateway through without one",
  UPLINK_PROXY_NO_WAY_ON: "check the broker's name and port, and the proxy's own way to it",
  UPLINK_PROXY_NO_TUNNEL:
    "check uplink.broker.proxy.url; behind a captive portal somebody must log in, or the SIM has no credit",
  UPLINK_WEBSOCKET_TIMEOUT: "look at the web server's log",
  UPLINK_WEBSOCKET_REFUSED: "check the path of uplink.broker.url and the web server's log",
  UPLINK_TLS_TIMEOUT: "check that the port speaks TLS",
  UPLINK_CONNACK_TIMEOUT: "check that the port is an MQTT broker's and look at its log",
  UPLINK_SUBACK_TIMEOUT: "look at the broker's log and load",
  UPLINK_BROKER_UNTRUSTED:
    "check uplink.broker.anchors, the broker's certificate, the gateway's clock, and whether a proxy or a captive portal answers in its place",
  UPLINK_BROKER_WRONG_NAME: "check uplink.broker.serverName and the url",
  UPLINK_BROKER_EXPIRED: "renew the broker's certificate",
  UPLINK_TLS_MISMATCH:
    "have the broker speak TLS 1.3 with X25519 or P-256; where it cannot, set uplink.broker.tlsVersionMin to 1.2",
  UPLINK_PASSWORD_REFUSED: "check uplink.broker.username and passwordFile",
  UPLINK_BROKER_MOVED: "if that is true, put its address into uplink.broker.url or uplink.fallbacks",
  UPLINK_QOS_UNSUPPORTED: "allow QoS 1 on the broker: without it no value ever counts as delivered",
  UPLINK_CREDENTIAL_REFUSED: "check that the broker trusts the CA of uplink.broker.certificate, and its validity",
  UPLINK_CONNECT_CLOSED: "the broker may not take uplink.broker.certificate or this version of MQTT; look at its log",
  UPLINK_BROKER_REFUSED: "look at the broker's log and access rules for this client id",
  UPLINK_PROTOCOL_REFUSED: "set uplink.broker.protocol to auto",
  UPLINK_INTERFACE_DOWN: "check cable, modem and address of that interface",
  UPLINK_MARK_UNACKNOWLEDGED: "the broker takes data but acknowledges nothing; look at its log and load",
  UPLINK_PUBLISH_REFUSED:
    "allow the gateway to publish below spBv1.0/<group>/+/<edge node> and holdfast/v1/<site>/<device>",
  UPLINK_SUBSCRIBE_REFUSED: "allow the gateway to subscribe to its NCMD and DCMD topics",
  UPLINK_PRIMARY_HOST_AWAY:
    "check that the host application runs, publishes STATE on this broker and is named in uplink.sparkplug.primaryHost",
  UPLINK_COMMANDS_UNHEARD:
    "find who publishes there and clear what is retained; until then no host can ask for a rebirth",
  UPLINK_PACKET_TOO_LARGE: "find who publishes so much on the gateway's command topics and clear what is retained",
  UPLINK_BIRTH_TOO_LARGE:
    "raise uplink.broker.packetBytesMax as far as the broker takes it, split the device or share templates",
  HAL_CONNECT_REFUSED: "check that the broker runs and the port is right",
  HAL_CONNECT_UNREACHABLE: "check cable, address and route",
  HAL_NAME_UNRESOLVED: "check the name and the gateway's name servers",
  HAL_TLS_FAILED: "check that the port speaks TLS, and what stands on the way to it",
  HAL_INTERFACE_UNKNOWN: "check interfaces.uplink",
  HAL_INTERFACE_NO_ADDRESS: "check cable, modem and address of that interface",
};

/** Any failure as an error with a code and a sentence that names the broker and the next step. */
export function explain(error: unknown, broker: BrokerSnapshot): { readonly code: string; readonly message: string } {
  const known = recognise(error);
  const step = NEXT_STEP[known.code];
  return {
    code: known.code,
    message: `${broker.host}:${broker.port}: ${known.message}${step === undefined ? "" : `; ${step}`}`,
  };
}

/** OpenSSL's words for: there is nothing that both sides allow. The first is also said to a client without certificate. */
const MISMATCH =
  /_ALERT_(?:HANDSHAKE_FAILURE|PROTOCOL_VERSION|INSUFFICIENT_SECURITY)$|_(?:UNSUPPORTED_PROTOCOL|NO_SHARED_CIPHER|WRONG_CIPHER_RETURNED|BAD_KEY_SHARE|NO_SUITABLE_KEY_SHARE|NO_SUITABLE_GROUPS)$/;

function recognise(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof UplinkError) return error;
  if (!(error instanceof HalError)) {
    return { code: "UPLINK_PROTOCOL_ERROR", message: error instanceof Error ? error.message : String(error) };
  }
  if (error.code === "HAL_TLS_UNTRUSTED") {
    const wrongName = causeCode(error) === "ERR_TLS_CERT_ALTNAME_INVALID";
    const message = `${error.message}${shownBy(error)}`;
    return { code: wrongName ? "UPLINK_BROKER_WRONG_NAME" : "UPLINK_BROKER_UNTRUSTED", message };
  }
  if (MISMATCH.test(String(causeCode(error)))) return { code: "UPLINK_TLS_MISMATCH", message: error.message };
  if (error.code === "HAL_TLS_REFUSED") return { code: "UPLINK_CREDENTIAL_REFUSED", message: error.message };
  return error;
}

/** Whose certificate was refused: behind a captive portal or a proxy that opens TLS, that names it. */
function shownBy(refusal: Error): string {
  const shown = refusedCertificate(refusal);
  if (shown === undefined) return "";
  const one = (name: string): string => foreignText(name.split("\n").join(", "));
  return `, shown by ${one(shown.subject)}, issued by ${one(shown.issuer)}`;
}

function causeCode({ cause }: Error): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}

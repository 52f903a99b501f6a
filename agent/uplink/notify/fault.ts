import { HalError } from "../../../hal/error.ts";
import { refusedCertificate } from "../../../hal/tls.ts";
import { harmless } from "../mqtt/foreign-text.ts";

/** What can go wrong between the gateway and a receiver of alarms. The machine's own refusals keep their `HAL_…` codes. */
export type NotifyErrorCode =
  | "NOTIFY_TIMEOUT" // never confirmed in time: nobody there, a firewall, or a receiver that stalls
  | "NOTIFY_CLOSED" // the connection broke before everything was confirmed
  | "NOTIFY_SYSLOG_OPEN" // it has not ended the connection in answer to our end: stalled, or deaf to what it should do
  | "NOTIFY_UNTRUSTED" // the receiver's certificate does not chain to the configured anchors
  | "NOTIFY_WRONG_NAME" // a good certificate of somebody else
  | "NOTIFY_CREDENTIAL_REFUSED" // the receiver does not take our certificate
  | "NOTIFY_MATERIAL_FAILED" // certificate, anchors, token or passphrase could not be had
  | "NOTIFY_SNMP_USER" // the receiver does not know the user
  | "NOTIFY_SNMP_AUTHENTICATION" // another authentication passphrase or algorithm on one side
  | "NOTIFY_SNMP_PRIVACY" // another privacy passphrase or algorithm on one side; many receivers then say nothing
  | "NOTIFY_SNMP_TIME" // the receiver's engine time does not settle
  | "NOTIFY_SNMP_REFUSED" // an answer that says no, or that is none
  | "NOTIFY_HTTP_UNAUTHORISED" // 401 or 403
  | "NOTIFY_HTTP_REFUSED" // any other 4xx: this event, again and again
  | "NOTIFY_HTTP_REDIRECT" // never followed: the token is for one host alone
  | "NOTIFY_HTTP_UNAVAILABLE" // 408, 429, 5xx
  | "NOTIFY_HTTP_INVALID"; // not HTTP, or an answer without end

/** What a person does next, by code. */
const NEXT_STEP: Readonly<Record<string, string>> = {
  NOTIFY_TIMEOUT: "check address, port and firewall, and that the receiver runs",
  NOTIFY_CLOSED: "look at the receiver's log: it may be stopping, or ask for a `certificate`",
  NOTIFY_SYSLOG_OPEN:
    "check that the receiver reads, and closes a connection once its sender has (RFC 5425 section 4.4)",
  NOTIFY_UNTRUSTED: "check `anchors`, the receiver's certificate and the gateway's clock",
  NOTIFY_WRONG_NAME: "check `serverName` and the receiver's address",
  NOTIFY_CREDENTIAL_REFUSED: "check that the receiver trusts the CA of `certificate`, or asks for none",
  NOTIFY_SNMP_USER: "create this user at the receiver, for example with createUser in snmptrapd.conf",
  NOTIFY_SNMP_AUTHENTICATION: "compare authenticationFile and `authentication` with the receiver's createUser",
  NOTIFY_SNMP_PRIVACY: "compare privacyFile and `privacy` with the receiver's createUser",
  NOTIFY_SNMP_TIME: "restart the receiver, and check that nobody else answers at its address",
  NOTIFY_SNMP_REFUSED: "check that an SNMPv3 trap receiver is at this port, and look at its log",
  NOTIFY_HTTP_UNAUTHORISED: "check tokenFile and what the receiver allows its bearer",
  NOTIFY_HTTP_REFUSED: "check the path of `url` and the receiver's log",
  NOTIFY_HTTP_REDIRECT: "write the address it leads to into `url`, if that is where alarms belong",
  NOTIFY_HTTP_UNAVAILABLE: "look at the receiver's log and load",
  NOTIFY_HTTP_INVALID: "check that a web server is at this port",
  HAL_CONNECT_REFUSED: "check that the receiver runs and the port is right",
  HAL_CONNECT_UNREACHABLE: "check cable, address and route",
  HAL_NAME_UNRESOLVED: "check the name and the gateway's name servers",
  HAL_TLS_FAILED: "check that the port speaks TLS 1.3, and what stands on the way to it",
  HAL_INTERFACE_UNKNOWN: "check interfaces.uplink",
  HAL_INTERFACE_NO_ADDRESS: "check cable, modem and address of that interface",
};

export class NotifyError extends Error {
  readonly code: NotifyErrorCode;
  /** the receiver asked to be left alone for so long */
  readonly retryAfterMs: number | undefined;
  constructor(
    code: NotifyErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.name = "NotifyError";
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Any failure as a code and a sentence that names the receiver and the next step. */
export function explainNotify(error: unknown, address: string): { readonly code: string; readonly message: string } {
  const { code, message } = recognise(error);
  const step = NEXT_STEP[code];
  return { code, message: `${address}: ${message}${step === undefined ? "" : `; ${step}`}` };
}

function recognise(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof NotifyError) return error;
  if (!(error instanceof HalError)) {
    return { code: "NOTIFY_CLOSED", message: harmless(error instanceof Error ? error.message : String(error)) };
  }
  switch (error.code) {
    case "HAL_TLS_UNTRUSTED": {
      const { cause } = error;
      const name = cause instanceof Error && "code" in cause && cause.code === "ERR_TLS_CERT_ALTNAME_INVALID";
      const shown = refusedCertificate(error)?.subject.split("\n").join(", ") ?? "";
      const by = shown === "" ? "" : `, shown by ${harmless(shown)}`;
      return { code: name ? "NOTIFY_WRONG_NAME" : "NOTIFY_UNTRUSTED", message: `${error.message}${by}` };
    }
    case "HAL_TLS_REFUSED":
      return { code: "NOTIFY_CREDENTIAL_REFUSED", message: error.message };
    default:
      return error;
  }
}

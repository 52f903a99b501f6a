import type { X509Certificate } from "node:crypto";
import type { BrokerSnapshot } from "../../config/snapshot.ts";
import type { KeyExchange } from "../../uplink/credentials.ts";
import { harmless } from "../../uplink/mqtt/foreign-text.ts";

/** Alerts of RFC 8446 §6 in the words of OpenSSL, and what they mean to whoever stands in front of the gateway. */
const ALERTS: readonly (readonly [RegExp, string])[] = [
  [/alert unknown ca/, "the broker does not know the CA that issued the gateway's certificate"],
  [/alert certificate required/, "the broker wants a client certificate and saw none"],
  [/alert bad certificate/, "the broker finds the gateway's certificate broken or of a kind it does not take"],
  [/alert certificate expired/, "the broker says that the gateway's certificate has expired: its clock, or ours?"],
  [/alert certificate revoked/, "the broker says that the gateway's certificate was revoked"],
  [/alert certificate unknown/, "the broker does not accept the gateway's certificate and says no more"],
  [/alert unsupported certificate/, "the broker does not take a certificate of this kind or purpose"],
  [/alert access denied/, "the broker knows the gateway's certificate and does not let it in"],
  [/alert decrypt error/, "the gateway's certificate and key do not belong together, or were damaged on the way"],
  [/alert protocol version|unsupported protocol/, "the broker speaks no version of TLS that the gateway offers"],
  [
    /alert handshake failure/,
    "the broker has no cipher or key exchange in common with the gateway, or wants another certificate",
  ],
  [/alert insufficient security/, "the broker wants stronger ciphers than were offered"],
  [/unrecognized name/, "nobody of that name is at the broker's address"],
  [/alert no application protocol/, "the broker wants another protocol at this port"],
  [/alert internal error/, "the broker failed on its own side: look at its log"],
  [/wrong version number|packet length too long|http request/, "what answers there does not speak TLS"],
  [
    /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF/,
    "another CA than the configured ones vouches for it",
  ],
  [/DEPTH_ZERO_SELF_SIGNED_CERT/, "it vouches for itself, and is not among the configured anchors"],
  [/CERT_HAS_EXPIRED/, "its time is over, by the clock of this machine"],
  [/CERT_NOT_YET_VALID/, "its time has not begun, by the clock of this machine"],
  [/CERT_REVOKED/, "it was revoked"],
  [/ERR_TLS_CERT_ALTNAME_INVALID|ltnames/, "it is made for other names"],
  [/INVALID_PURPOSE/, "it is not made for a server"],
  [
    /the connection ended/,
    "the connection was closed in the middle of the handshake: a firewall, or no TLS at this port",
  ],
];

/** What a failure of TLS means, or undefined where its own text says all there is. */
export function tlsMeaning(message: string): string | undefined {
  return ALERTS.find(([pattern]) => pattern.test(message))?.[1];
}

/** What the gateway puts on the table. */
export function offerWords(
  { tlsVersionMin, hybridOnly, serverName }: BrokerSnapshot,
  keyExchange: KeyExchange,
): string {
  const versions = tlsVersionMin === "1.3" ? "TLS 1.3" : "TLS 1.3, and 1.2 with ECDHE and AES-GCM or ChaCha20-Poly1305";
  const hybrid = hybridOnly ? "X25519MLKEM768 alone" : "X25519MLKEM768, X25519, P-256";
  const groups = keyExchange === "classical" ? "X25519, P-256" : hybrid;
  return `offered: ${versions}; key exchange ${groups}; asked for ${serverName}`;
}

const NAMES_CHARS_MAX = 200;

/** Who a certificate says it is: its words are whoever's made it. */
export function certificateWords(what: string, certificate: X509Certificate): string {
  const { subject, issuer, validFrom, validTo, subjectAltName } = certificate;
  const names = subjectAltName === undefined ? "no names" : `names ${subjectAltName.slice(0, NAMES_CHARS_MAX)}`;
  return `${what}: ${oneLine(subject)}; issued by ${oneLine(issuer)}; valid ${validFrom} to ${validTo}; ${harmless(names)}`;
}

/** `subject` has a line for each part. */
export function oneLine(name: string): string {
  return harmless(name.split("\n").join(", "));
}

import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { SecureContext } from "node:tls";
import { HalError } from "./error.ts";
import { tlsReason } from "./tls-reason.ts";

/** What is offered for the key exchange, by name of the offer. */
const GROUPS = {
  // the hybrid first: what is recorded today stays closed to tomorrow's quantum computer
  hybrid: "X25519MLKEM768:X25519:P-256",
  "hybrid-only": "X25519MLKEM768",
  // a first flight that fits in one packet, for ways on which the hybrid's stalls
  classical: "X25519:P-256",
} as const;

const CIPHERS_1_3 = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
/** Forward secrecy and authenticated encryption, nothing else of what TLS 1.2 knows. @see RFC 9325 §4.2 */
const CIPHERS_1_2 = ["AES256-GCM-SHA384", "CHACHA20-POLY1305", "AES128-GCM-SHA256"]
  .flatMap((cipher) => [`ECDHE-ECDSA-${cipher}`, `ECDHE-RSA-${cipher}`])
  .join(":");

export interface TlsOffer {
  /** default 1.3; with 1.2 only {@link CIPHERS_1_2} are taken, and 1.3 wherever the peer has it */
  readonly versionMin?: "1.3" | "1.2";
  /** default `hybrid`, which falls back to X25519 and P-256 where the peer knows no better */
  readonly groups?: keyof typeof GROUPS;
}

/** PEM texts. The key is the caller's own; anchors are the only roots: the system's store is never consulted. */
export interface TlsMaterial {
  readonly anchors: string;
  readonly certificate: string;
  readonly key: string;
}

/** The same, where a server may ask for no certificate. */
export type TlsClientMaterial = Pick<TlsMaterial, "anchors"> & Partial<TlsMaterial>;

/**
 * One context per process and identity, shared by every connection: a context per connection reloads the key each
 * time and exhausts a TPM. It serves both sides.
 * @throws {HalError} `HAL_TLS_MATERIAL`
 */
export function tlsContext(material: TlsMaterial, offer: TlsOffer = {}): SecureContext {
  return contextOf(material, offer);
}

/**
 * A context for connections to servers that need not know who we are; with certificate and key where one asks for them.
 * @throws {HalError} `HAL_TLS_MATERIAL`
 */
export function tlsClientContext(material: TlsClientMaterial, offer: TlsOffer = {}): SecureContext {
  return contextOf(material, offer);
}

function contextOf(
  { anchors, certificate, key }: TlsClientMaterial,
  { versionMin = "1.3", groups = "hybrid" }: TlsOffer,
): SecureContext {
  try {
    if (key === "") throw new Error("no key"); // Node would make a context without any identity
    return createSecureContext({
      ca: certificates(anchors),
      ...(certificate === undefined ? {} : { cert: certificates(certificate).join("\n") }),
      ...(key === undefined ? {} : { key }),
      minVersion: `TLSv${versionMin}`,
      maxVersion: "TLSv1.3",
      ciphers: versionMin === "1.3" ? CIPHERS_1_3 : `${CIPHERS_1_3}:${CIPHERS_1_2}`,
      ecdhCurve: GROUPS[groups],
    });
  } catch (cause) {
    // The cause's text names what does not parse, never what it holds.
    throw new HalError("HAL_TLS_MATERIAL", `our TLS material cannot be used: ${tlsReason(cause)}`, { cause });
  }
}

/** @throws {Error} where there is none: with an empty list Node would silently fall back to the system's roots */
function certificates(pem: string): string[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (found === null) throw new Error("no certificate in PEM form");
  return found.map((one) => new X509Certificate(one).toString());
}

import { createHash, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Der } from "./der.ts";
import { bitString, derOf, explicit, fromOwnDer, integer, objectId, sequence, set, utcTime, utf8 } from "./der.ts";
import { authorityKeyId, extensions, subjectKeyId } from "./extension.ts";

const COMMON_NAME = "2.5.4.3";
const ORGANISATION = "2.5.4.10";
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const VERSION_3 = Uint8Array.of(2);
const SERIAL_BYTES = 16;
/** an uncompressed point on P-256, which is what the key id is the digest of */
const POINT_BYTES = 65;

export interface Name {
  readonly commonName: string;
  readonly organisation: string;
}

export interface CertificateRequest {
  readonly subject: Name;
  /** P-256 */
  readonly publicKey: KeyObject;
  readonly issuer: { readonly name: Name; readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly validity: { readonly fromMs: number; readonly toMs: number };
  /** besides the key identifiers, which every certificate has */
  readonly extensions: readonly Der[];
}

/** An X.509 v3 certificate in PEM: forge writes the structure, node:crypto signs it. @see RFC 5280 §4.1 */
export function issueCertificate({ subject, publicKey, issuer, validity, ...rest }: CertificateRequest): string {
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const body = sequence(
    explicit(0, integer(VERSION_3)),
    integer(newSerial()),
    algorithm,
    distinguishedName(issuer.name),
    sequence(utcTime(validity.fromMs), utcTime(validity.toMs)),
    distinguishedName(subject),
    fromOwnDer(spki(publicKey)),
    extensions(...rest.extensions, subjectKeyId(keyIdOf(publicKey)), authorityKeyId(keyIdOf(issuer.publicKey))),
  );
  const signature = sign("sha256", derOf(body), issuer.privateKey);
  return pem(derOf(sequence(body, algorithm, bitString(signature))));
}

function distinguishedName({ commonName, organisation }: Name): Der {
  const part = (id: string, text: string): Der => set(sequence(objectId(id), utf8(text)));
  return sequence(part(ORGANISATION, organisation), part(COMMON_NAME, commonName));
}

/** Positive, without a leading zero byte: DER has one form for each. */
function newSerial(): Uint8Array {
  const serial = randomBytes(SERIAL_BYTES);
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  return serial;
}

function spki(key: KeyObject): Uint8Array {
  return key.export({ format: "der", type: "spki" });
}

/** @see RFC 5280 §4.2.1.2, method 1: SHA-1 names the key here and proves nothing. */
function keyIdOf(key: KeyObject): Uint8Array {
  return createHash("sha1").update(spki(key).subarray(-POINT_BYTES)).digest();
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

import { isIP } from "node:net";
import type { Der } from "./der.ts";
import { bitString, boolean, derOf, explicit, implicit, objectId, octetString, sequence } from "./der.ts";

const KEY_USAGE_BITS = { digitalSignature: 0, keyCertSign: 5, crlSign: 6 } as const;
const PURPOSES = { serverAuth: "1.3.6.1.5.5.7.3.1", clientAuth: "1.3.6.1.5.5.7.3.2" } as const;
const DNS_NAME = 2;
const URI = 6;
const IP_ADDRESS = 7;

/** @see RFC 5280 §4.2.1.9 */
export function basicConstraints(authority: boolean): Der {
  return extension("2.5.29.19", true, authority ? sequence(boolean(true)) : sequence());
}

/** @see RFC 5280 §4.2.1.3 */
export function keyUsage(...usages: readonly (keyof typeof KEY_USAGE_BITS)[]): Der {
  let bits = 0;
  let last = 0;
  for (const usage of usages) {
    bits |= 0x80 >> KEY_USAGE_BITS[usage];
    last = Math.max(last, KEY_USAGE_BITS[usage]);
  }
  return extension("2.5.29.15", true, bitString(Uint8Array.of(bits), 7 - last));
}

/** @see RFC 5280 §4.2.1.12 */
export function extendedKeyUsage(purpose: keyof typeof PURPOSES): Der {
  return extension("2.5.29.37", false, sequence(objectId(PURPOSES[purpose])));
}

/** Host names, addresses and URIs, told apart by how they look. @see RFC 5280 §4.2.1.6 */
export function subjectAltName(...names: readonly string[]): Der {
  return extension("2.5.29.17", false, sequence(...names.map(generalName)));
}

/** @see RFC 5280 §4.2.1.2 */
export function subjectKeyId(keyId: Uint8Array): Der {
  return extension("2.5.29.14", false, octetString(keyId));
}

/** @see RFC 5280 §4.2.1.1 */
export function authorityKeyId(keyId: Uint8Array): Der {
  return extension("2.5.29.35", false, sequence(implicit(0, keyId)));
}

/** All of a certificate's extensions, in their place. */
export function extensions(...members: readonly Der[]): Der {
  return explicit(3, sequence(...members));
}

function extension(id: string, critical: boolean, value: Der): Der {
  const content = octetString(derOf(value));
  return critical ? sequence(objectId(id), boolean(true), content) : sequence(objectId(id), content);
}

function generalName(name: string): Der {
  if (isIP(name) === 4) return implicit(IP_ADDRESS, Uint8Array.from(name.split("."), Number));
  if (isIP(name) === 6) return implicit(IP_ADDRESS, addressBytes(name));
  return implicit(name.includes(":") ? URI : DNS_NAME, Buffer.from(name, "ascii"));
}

function addressBytes(address: string): Uint8Array {
  const [head = "", tail] = address.split("::");
  const groups = (part: string): number[] => (part === "" ? [] : part.split(":").map((group) => parseInt(group, 16)));
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

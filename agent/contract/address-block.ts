import { isIPv4, isIPv6 } from "node:net";

/** An address, or a network in CIDR notation: every address whose first `prefix` bits are these. */
export interface AddressBlock {
  /** 4 bytes of IPv4 or 16 of IPv6 */
  readonly bytes: readonly number[];
  readonly prefix: number;
}

const IPV4_BYTES = 4;
const IPV6_BYTES = 16;
const BYTE_BITS = 8;
/** IPv4 as an IPv6 socket shows it */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`; undefined where it is none. Bits beyond the prefix are kept. */
export function parseBlock(text: string): AddressBlock | undefined {
  const [, address = "", length] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const bytes = addressBytes(address);
  if (bytes === undefined) return undefined;
  const bits = BYTE_BITS * bytes.length;
  const prefix = length === undefined ? bits : Number(length);
  return prefix <= bits ? { bytes, prefix } : undefined;
}

/** The block without the bits that its prefix does not cover. */
export function networkOf({ bytes, prefix }: AddressBlock): AddressBlock {
  return { bytes: bytes.map((byte, i) => byte & maskOf(prefix, i)), prefix };
}

/** As {@link parseBlock} reads it. */
export function blockText({ bytes, prefix }: AddressBlock): string {
  if (bytes.length === IPV4_BYTES) return `${bytes.join(".")}/${prefix}`;
  const groups = Array.from({ length: IPV6_BYTES / 2 }, (_, i) =>
    (256 * (bytes[2 * i] ?? 0) + (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return `${new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1)}/${prefix}`;
}

/** Whether an address, as a socket gives it, is in any of them; what is no address is in none. */
export function isInside(address: string, blocks: readonly AddressBlock[]): boolean {
  const bytes = addressBytes(address);
  if (bytes === undefined) return false;
  return blocks.some(
    (block) =>
      block.bytes.length === bytes.length &&
      bytes.every((byte, i) => ((byte ^ (block.bytes[i] ?? 0)) & maskOf(block.prefix, i)) === 0),
  );
}

function maskOf(prefix: number, index: number): number {
  const bits = Math.min(BYTE_BITS, Math.max(0, prefix - BYTE_BITS * index));
  return (0xff << (BYTE_BITS - bits)) & 0xff;
}

function addressBytes(address: string): readonly number[] | undefined {
  if (isIPv4(address)) return address.split(".").map(Number);
  // a zone names an interface of ours and no part of the address
  const bare = address.replace(/%.*$/, "");
  if (!isIPv6(bare)) return undefined;
  const bytes = ipv6Bytes(bare);
  return MAPPED.every((byte, i) => bytes[i] === byte) ? bytes.slice(MAPPED.length) : bytes;
}

function ipv6Bytes(address: string): readonly number[] {
  // written as the standard wants it: hexadecimal groups, the longest run of zeros left out
  const [head = "", tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::");
  const left = groupsOf(head);
  const right = groupsOf(tail ?? "");
  const zeros = Array.from({ length: IPV6_BYTES / 2 - left.length - right.length }, () => 0);
  return [...left, ...zeros, ...right].flatMap((group) => [group >> BYTE_BITS, group & 0xff]);
}

function groupsOf(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

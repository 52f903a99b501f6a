import { randomBytes, randomFillSync } from "node:crypto";
import type { Entropy } from "../entropy.ts";

const BYTES_MAX = 65_536;

/** The kernel's, through OpenSSL's generator. */
export function linuxEntropy(): Entropy {
  const words = new Uint32Array(2);
  return {
    bytes(count) {
      if (!Number.isInteger(count) || count < 1 || count > BYTES_MAX) {
        throw new RangeError(`${count} bytes, 1 to ${BYTES_MAX}`);
      }
      return new Uint8Array(randomBytes(count));
    },
    fraction() {
      randomFillSync(words);
      const [high = 0, low = 0] = words;
      return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
    },
  };
}

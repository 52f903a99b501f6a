import type { Entropy } from "../hal/entropy.ts";

const BYTES_MAX = 65_536;

/** The same seed gives the same chance. Not for secrets. */
export function seededEntropy(seed: number): Entropy {
  const next = sfc32(seed);
  return {
    bytes(count) {
      if (!Number.isInteger(count) || count < 1 || count > BYTES_MAX)
        throw new RangeError(`${count} bytes, 1 to ${BYTES_MAX}`);
      const bytes = new Uint8Array(count);
      for (let i = 0; i < count; i++) bytes[i] = next() & 0xff;
      return bytes;
    },
    fraction: () => next() / 2 ** 32,
  };
}

/** Chris Doty-Humphrey's small fast counting generator, 128 bits of state; the first rounds mix the seed in. */
function sfc32(seed: number): () => number {
  let a = 0x9e3779b9;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** A read of coils or discrete inputs: the first asked for is the lowest bit of the first byte. */
export function encodeBits(functionCode: number, bits: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 + Math.ceil(bits.length / 8));
  bytes[0] = functionCode;
  bytes[1] = bytes.length - 2;
  bits.forEach((bit, i) => {
    if (bit !== 0) bytes[2 + (i >> 3)] = (bytes[2 + (i >> 3)] as number) | (1 << (i & 7));
  });
  return bytes;
}

/** A read of registers, big-endian as the specification has it. */
export function encodeRegisters(functionCode: number, words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 + words.length * 2);
  bytes[0] = functionCode;
  bytes[1] = words.length * 2;
  words.forEach((word, i) => {
    bytes[2 + i * 2] = word >>> 8;
    bytes[3 + i * 2] = word & 0xff;
  });
  return bytes;
}

/** What was written where, as functions 5, 6, 15, 16 and 22 echo it. */
export function encodeEcho(functionCode: number, ...words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(1 + words.length * 2);
  bytes[0] = functionCode;
  words.forEach((word, i) => {
    bytes[1 + i * 2] = word >>> 8;
    bytes[2 + i * 2] = word & 0xff;
  });
  return bytes;
}

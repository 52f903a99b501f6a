import { PDU_BYTES_MAX } from "./request.ts";
import type { Request } from "./request.ts";

/** What the answer to one request must begin with and how long it must be. */
export interface Expectation {
  readonly unit: number;
  readonly function: number;
  /** bytes after the function code that the request fixes: a byte count, or the echo of what was written */
  readonly prefix: Uint8Array;
  /** whole PDU; undefined where only the answer itself says (43/14) */
  readonly pduBytes: number | undefined;
}

export const MORE_NEEDED = 0;
export const MISMATCH = -1;
const EXCEPTION_PDU_BYTES = 2;
const IDENTITY_HEADER_BYTES = 7;

/** @param adu the request as it goes out on a serial line: unit id, PDU, CRC */
export function expectationOf(request: Request, adu: Buffer): Expectation {
  const { unit, function: code } = request;
  const echo = (bytes: number): Expectation => ({
    unit,
    function: code,
    prefix: adu.subarray(2, 2 + bytes),
    pduBytes: 1 + bytes,
  });
  const counted = (bytes: number): Expectation => ({
    unit,
    function: code,
    prefix: Uint8Array.of(bytes),
    pduBytes: 2 + bytes,
  });
  switch (request.function) {
    case 1:
    case 2:
      return counted(Math.ceil(request.count / 8));
    case 3:
    case 4:
    case 23:
      return counted(2 * request.count);
    case 5:
    case 6:
    case 15:
    case 16:
      return echo(4);
    case 22:
      return echo(6);
    case 43:
      return { unit, function: code, prefix: Uint8Array.of(0x0e, request.access), pduBytes: undefined };
  }
}

/**
 * Length of the whole PDU that begins at `at`, {@link MORE_NEEDED} to tell, or {@link MISMATCH} where it can no longer
 * become the answer. Never reads outside `at` to `end`.
 */
export function answerLength(expected: Expectation, bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return MORE_NEEDED;
  if (bytes[at] === (expected.function | 0x80)) return EXCEPTION_PDU_BYTES;
  if (bytes[at] !== expected.function) return MISMATCH;
  const { prefix } = expected;
  for (let i = 0; i < prefix.length && at + 1 + i < end; i++) {
    if (bytes[at + 1 + i] !== prefix[i]) return MISMATCH;
  }
  return expected.pduBytes ?? identityLength(bytes, at, end);
}

/** Function, MEI type, access code, conformity, more follows, next object, count; then id, length and text of each object. */
function identityLength(bytes: Uint8Array, at: number, end: number): number {
  let next = at + IDENTITY_HEADER_BYTES;
  if (end < next) return MORE_NEEDED;
  const objects = bytes[next - 1] as number;
  for (let i = 0; i < objects; i++) {
    if (next - at > PDU_BYTES_MAX) return MISMATCH;
    if (next + 2 > end) return MORE_NEEDED;
    next += 2 + (bytes[next + 1] as number);
  }
  return next - at > PDU_BYTES_MAX ? MISMATCH : next - at;
}

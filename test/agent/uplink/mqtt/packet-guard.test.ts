import fc from "fast-check";
import { expect, test } from "vitest";
import { packetGuard } from "../../../../agent/uplink/mqtt/packet-guard.ts";
import type { PacketViolation } from "../../../../agent/uplink/mqtt/packet-guard.ts";

function watch(max: number, chunks: readonly Uint8Array[], publishMax = max): PacketViolation[] {
  const violations: PacketViolation[] = [];
  const guard = packetGuard(max, publishMax, (violation) => violations.push(violation));
  for (const chunk of chunks) guard(chunk);
  return violations;
}

/** A packet of a type and flags with `length` bytes behind its header. */
function packet(first: number, length: number): Uint8Array {
  const header = [first];
  let rest = length;
  do {
    const more = rest > 127;
    header.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Uint8Array.from([...header, ...new Uint8Array(length).fill(0xff)]);
}

const CONNACK = 0x20;
const PUBLISH = 0x32;
const PINGRESP = 0xd0;

test("packets within the limit pass, however they are cut into chunks", () => {
  const whole = Buffer.concat([packet(CONNACK, 2), packet(PUBLISH, 1_000), packet(PINGRESP, 0), packet(PUBLISH, 300)]);
  expect(watch(1_003, [whole])).toEqual([]);
  expect(
    watch(
      1_003,
      [...whole].map((byte) => Uint8Array.of(byte)),
    ),
  ).toEqual([]);
  expect(watch(1_002, [whole])).toEqual([{ kind: "too-large", bytes: 1_003 }]);
});

test("a PUBLISH may have a limit of its own, and is skipped whole; no other packet has it", () => {
  const next = packet(0x10, 0); // refused, so that what came before it is seen to be skipped whole
  expect(watch(1_002, [packet(PUBLISH, 2_000), next], 2_003)).toMatchObject([{ kind: "unexpected" }]);
  expect(watch(1_002, [packet(PUBLISH, 2_001), next], 2_003)).toEqual([{ kind: "too-large", bytes: 2_004 }]);
  expect(watch(1_002, [packet(CONNACK, 1_000), next], 2_003)).toEqual([{ kind: "too-large", bytes: 1_003 }]);
});

test("a length beyond the limit is refused from its header alone", () => {
  expect(watch(4_096, [Uint8Array.of(PUBLISH, 0xff, 0xff, 0xff, 0x7f)])).toEqual([
    { kind: "too-large", bytes: 268_435_460 },
  ]);
});

test.each([
  ["a length of five bytes", [PUBLISH, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ["QoS 2, which nobody subscribed to", [0x34, 0]],
  ["QoS 3", [0x36, 0]],
  ["a client's packet", [0x10, 0]],
  ["PUBREL", [0x62, 2]],
  ["type 0", [0x00, 0]],
])("%s has no place here", (_what, bytes) => {
  expect(watch(4_096, [Uint8Array.from(bytes)])).toMatchObject([{ kind: "unexpected" }]);
});

test("no bytes make it throw, and it reports at most once", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 32 }), { maxLength: 8 }), (chunks) => {
      expect(watch(1_024, chunks).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 20_000 },
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Codec } from "../../../../agent/field/bus/codec.ts";
import { newCounters } from "../../../../agent/field/bus/counters.ts";
import { crcOf } from "../../../../agent/field/bus/crc.ts";
import { expectationOf } from "../../../../agent/field/bus/expectation.ts";
import { MbapReceiver } from "../../../../agent/field/bus/mbap-receiver.ts";
import type { Request } from "../../../../agent/field/bus/request.ts";
import { RtuReceiver } from "../../../../agent/field/bus/rtu-receiver.ts";

const TIMING = { silenceMs: 4, characterMs: 1 };
const RUNS = 110_000;

const requests: readonly Request[] = [
  { function: 1, unit: 1, address: 0, count: 9 },
  { function: 2, unit: 17, address: 196, count: 22 },
  { function: 3, unit: 1, address: 107, count: 3 },
  { function: 4, unit: 247, address: 8, count: 125 },
  { function: 5, unit: 1, address: 172, on: true },
  { function: 6, unit: 1, address: 1, value: 3 },
  { function: 15, unit: 1, address: 19, values: [true, false, true] },
  { function: 16, unit: 1, address: 1, values: [10, 258] },
  { function: 22, unit: 1, address: 4, andMask: 0xf2, orMask: 0x25 },
  { function: 23, unit: 1, address: 3, count: 6, writeAddress: 14, values: [255, 255, 255] },
  { function: 43, unit: 1, access: 1, object: 0 },
];

function withCrc(bytes: Uint8Array): Buffer {
  const frame = Buffer.alloc(bytes.length + 2);
  frame.set(bytes);
  frame.writeUInt16LE(crcOf(bytes, 0, bytes.length), bytes.length);
  return frame;
}

const anyRequest = fc.constantFrom(...requests);
/** Noise, and frames that are nearly right: wrong only here and there. */
const anyBytes = (request: fc.Arbitrary<Request>): fc.Arbitrary<{ request: Request; bytes: Uint8Array }> =>
  fc.tuple(request, fc.uint8Array({ maxLength: 40 }), fc.nat(7)).map(([asked, noise, shape]) => {
    const header = Uint8Array.of(asked.unit, asked.function | (shape === 1 ? 0x80 : 0));
    if (shape < 3) return { request: asked, bytes: withCrc(Buffer.concat([header, noise])) };
    if (shape < 5) return { request: asked, bytes: Buffer.concat([header, noise]) };
    return { request: asked, bytes: noise };
  });

describe("the decoder of a serial line", () => {
  test("takes what is right and nothing else, and throws at nothing", () => {
    const codec = new Codec();
    fc.assert(
      fc.property(anyBytes(anyRequest), fc.array(fc.nat(9), { maxLength: 6 }), ({ request, bytes }, pauses) => {
        const adu = codec.encode(request);
        const receiver = new RtuReceiver(TIMING, newCounters(), () => false);
        receiver.expect(expectationOf(request, adu));
        let nowMs = 0;
        let replies = 0;
        bytes.forEach((byte, i) => {
          nowMs += pauses[i] ?? 1;
          if (receiver.push(Uint8Array.of(byte), nowMs) === "reply") replies++;
        });
        if (replies > 0) {
          const { reply } = receiver;
          expect(crcOf(reply, 0, reply.length)).toBe(0);
          expect(reply[0]).toBe(request.unit);
          expect((reply[1] as number) & 0x7f).toBe(request.function);
          codec.decode(reply);
        }
        expect(replies).toBeLessThanOrEqual(1);
      }),
      { numRuns: RUNS, seed: 1 },
    );
  });

  test("finds the answer whole however it is cut into chunks, and behind whole foreign frames", () => {
    const codec = new Codec();
    const request = requests[2] as Request;
    const answer = withCrc(Uint8Array.of(1, 3, 6, 2, 43, 0, 0, 0, 100));
    const foreign = withCrc(Uint8Array.of(9, 3, 2, 1, 2));
    fc.assert(
      fc.property(fc.nat(2), fc.array(fc.integer({ min: 1, max: 8 })), (strangers, sizes) => {
        const counters = newCounters();
        const receiver = new RtuReceiver(TIMING, counters, () => false);
        receiver.expect(expectationOf(request, codec.encode(request)));
        const line = Buffer.concat([...Array.from({ length: strangers }, () => foreign), answer]);
        let heard = "nothing";
        for (let at = 0, i = 0; at < line.length; i++) {
          const size = sizes[i] ?? 3;
          // bytes that fit the answer may pause; a stranger's frame has to come in one go
          const verdict = receiver.push(line.subarray(at, at + size), i * (strangers === 0 ? 100 : 2));
          if (verdict !== "nothing") heard = verdict;
          at += size;
        }
        expect(heard).toBe("reply");
        expect(counters.foreignFrames).toBe(strangers);
        expect(codec.decode(receiver.reply)).toEqual({ kind: "data", bytes: Buffer.of(2, 43, 0, 0, 0, 100) });
      }),
      { numRuns: 2_000, seed: 2 },
    );
  });

  test("forgets noise at the next silence, and never holds more than a frame", () => {
    const counters = newCounters();
    const codec = new Codec();
    const request = requests[2] as Request;
    const receiver = new RtuReceiver(TIMING, counters, () => false);
    receiver.expect(expectationOf(request, codec.encode(request)));
    expect(receiver.push(Buffer.alloc(1_000, 0x55), 0)).toBe("nothing");
    expect(counters.longFrames).toBe(1);
    expect(counters.discardedBytes).toBe(1_000);
    expect(receiver.damaged).toBe(true);
    expect(receiver.push(withCrc(Uint8Array.of(1, 3, 6, 2, 43, 0, 0, 0, 100)), 2_000)).toBe("reply");
  });

  test("does not let a zero from noise make a frame that was too short and whole into the answer", () => {
    const counters = newCounters();
    const codec = new Codec();
    const request = requests[2] as Request;
    const receiver = new RtuReceiver(TIMING, counters, () => false);
    receiver.expect(expectationOf(request, codec.encode(request)));
    const short = withCrc(Uint8Array.of(1, 3, 6, 2, 43, 0, 0, 0));
    expect(receiver.push(short, 100)).toBe("nothing");
    expect(receiver.push(Uint8Array.of(0), 150)).toBe("nothing");
    expect(counters.shortFrames).toBe(1);
  });

  test("counts what trails behind a good answer once, as too long", () => {
    const counters = newCounters();
    const codec = new Codec();
    const request = requests[5] as Request;
    const adu = codec.encode(request);
    const receiver = new RtuReceiver(TIMING, counters, () => false);
    receiver.expect(expectationOf(request, adu));
    expect(receiver.push(Buffer.concat([adu, Buffer.of(0, 0, 0)]), 100)).toBe("reply");
    expect(counters).toMatchObject({ longFrames: 1, discardedBytes: 3 });
  });

  test("does not take the echo of another write for the answer", () => {
    const counters = newCounters();
    const codec = new Codec();
    const request = requests[5] as Request;
    const receiver = new RtuReceiver(TIMING, counters, () => false);
    receiver.expect(expectationOf(request, codec.encode(request)));
    expect(receiver.push(withCrc(Uint8Array.of(1, 6, 0, 1, 0, 4)), 100)).toBe("nothing");
    expect(counters.foreignFrames).toBe(1);
  });
});

describe("the decoder of a socket", () => {
  const mbap = (transaction: number, protocol: number, length: number, rest: Uint8Array): Buffer => {
    const frame = Buffer.alloc(6 + rest.length);
    frame.writeUInt16BE(transaction, 0);
    frame.writeUInt16BE(protocol, 2);
    frame.writeUInt16BE(length, 4);
    frame.set(rest, 6);
    return frame;
  };

  test("takes what is right and nothing else, and throws at nothing", () => {
    const codec = new Codec();
    const small = fc.constantFrom(0, 1, 2, 7, 65_535);
    fc.assert(
      fc.property(
        anyBytes(anyRequest),
        fc.tuple(fc.constantFrom(7, 7, 7, 8), fc.constantFrom(0, 0, 0, 1), fc.option(small), fc.nat(5)),
        ({ request, bytes }, [transaction, protocol, length, cut]) => {
          const receiver = new MbapReceiver(newCounters());
          receiver.expect(expectationOf(request, codec.encode(request)), 7);
          const stream = mbap(transaction, protocol, length ?? bytes.length, bytes);
          const heard = [receiver.push(stream.subarray(0, cut)), receiver.push(stream.subarray(cut))];
          if (!heard.includes("reply")) return;
          const { reply } = receiver;
          expect([transaction, protocol, reply[0]]).toEqual([7, 0, request.unit]);
          expect((reply[1] as number) & 0x7f).toBe(request.function);
          expect(crcOf(reply, 0, reply.length)).toBe(0);
          codec.decode(reply);
        },
      ),
      { numRuns: RUNS, seed: 3 },
    );
  });

  test("reads any number of frames in any segments", () => {
    const codec = new Codec();
    const request = requests[2] as Request;
    const answer = Uint8Array.of(1, 3, 6, 2, 43, 0, 0, 0, 100);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 })), fc.nat(3), (sizes, strangers) => {
        const counters = newCounters();
        const receiver = new MbapReceiver(counters);
        receiver.expect(expectationOf(request, codec.encode(request)), 300);
        const frames = [...Array.from({ length: strangers }, (_, i) => mbap(i, 0, 9, answer)), mbap(300, 0, 9, answer)];
        const stream = Buffer.concat([...frames, ...frames]);
        let replies = 0;
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i] ?? 7;
          if (receiver.push(stream.subarray(at, at + size)) === "reply") replies++;
          at += size;
        }
        expect(replies).toBe(1);
        expect(counters.foreignFrames).toBe(2 * strangers + 1);
      }),
      { numRuns: 2_000, seed: 4 },
    );
  });

  test.each([0, 1, 255, 65_535])("gives the connection up at a length of %i", (length) => {
    const receiver = new MbapReceiver(newCounters());
    receiver.push(mbap(1, 0, length, Buffer.alloc(10)));
    expect(receiver.malformed).toBe(true);
  });

  test("knows the answer to a request that timed out as late", () => {
    const codec = new Codec();
    const counters = newCounters();
    const request = requests[2] as Request;
    const receiver = new MbapReceiver(counters);
    receiver.expect(expectationOf(request, codec.encode(request)), 1);
    receiver.expect(undefined, -1);
    receiver.expect(expectationOf(request, codec.encode(request)), 2);
    expect(receiver.push(mbap(1, 0, 9, Uint8Array.of(1, 3, 6, 0, 0, 0, 0, 0, 0)))).toBe("nothing");
    expect(counters.lateReplies).toBe(1);
  });
});

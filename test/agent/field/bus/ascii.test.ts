import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asciiFrame } from "../../../../agent/field/bus/ascii-frame.ts";
import { AsciiReceiver } from "../../../../agent/field/bus/ascii-receiver.ts";
import { Codec } from "../../../../agent/field/bus/codec.ts";
import { newCounters } from "../../../../agent/field/bus/counters.ts";
import { crcOf } from "../../../../agent/field/bus/crc.ts";
import { expectationOf } from "../../../../agent/field/bus/expectation.ts";
import type { Request } from "../../../../agent/field/bus/request.ts";
import { decodeAscii, encodeAscii } from "../../../../simulator/modbus/ascii-frame.ts";

const READ: Request = { function: 3, unit: 17, address: 107, count: 3 };

/** Published frames, the LRC by other people's programs. */
const ASCII_FRAMES = [
  // the same request in ASCII and RTU as training material on the protocol prints it; test vector of goburrow/modbus, modbus-serial
  { bytes: [0x11, 3, 0, 0x6b, 0, 3], text: ":1103006B00037E\r\n" },
  // test vector of pymodbus and goburrow/modbus
  { bytes: [0xf7, 3, 0x13, 0x89, 0, 0x0a], text: ":F7031389000A60\r\n" },
] as const;

function listening(request: Request = READ) {
  const counters = newCounters();
  const codec = new Codec();
  const receiver = new AsciiReceiver(1, counters, (unit) => unit === 9);
  receiver.expect(expectationOf(request, codec.encode(request)));
  let nowMs = 0;
  return {
    counters,
    receiver,
    codec,
    hear: (text: string, afterMs = 1) => receiver.push(Buffer.from(text, "latin1"), (nowMs += afterMs)),
  };
}

const answer = (unit: number, ...pdu: readonly number[]): string =>
  Buffer.from(encodeAscii({ unit, pdu: Uint8Array.from(pdu) })).toString("latin1");

describe("a frame in ASCII", () => {
  test.each(ASCII_FRAMES)("is as others write it: $text", ({ bytes, text }) => {
    const adu = Buffer.from([...bytes, 0, 0]);
    expect(asciiFrame(adu).toString("latin1")).toBe(text);
    expect(decodeAscii(text)).toEqual({ unit: bytes[0], pdu: Uint8Array.from(bytes.slice(1)) });
    expect(answer(bytes[0] as number, ...bytes.slice(1))).toBe(text);
  });
});

describe("the decoder of a line that speaks ASCII", () => {
  test("takes the answer whole however it is cut into chunks, whatever stood before its colon", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 })),
        fc.string({ unit: "binary-ascii", maxLength: 40 }),
        (sizes, noise) => {
          const { hear, receiver, codec } = listening();
          const line = noise + answer(17, 3, 6, 2, 43, 0, 0, 0, 100);
          const heard: string[] = [];
          for (let at = 0, i = 0; at < line.length; i++) {
            const size = sizes[i] ?? 3;
            heard.push(hear(line.slice(at, at + size), 900));
            at += size;
          }
          expect(heard.at(-1)).toBe("reply");
          expect(crcOf(receiver.reply, 0, receiver.reply.length)).toBe(0);
          expect(codec.decode(receiver.reply)).toEqual({ kind: "data", bytes: Buffer.of(2, 43, 0, 0, 0, 100) });
        },
      ),
      { numRuns: 1_000, seed: 1 },
    );
  });

  test("takes nothing that is not the answer to the last character, and throws at nothing", () => {
    const right = answer(17, 3, 6, 2, 43, 0, 0, 0, 100);
    fc.assert(
      fc.property(fc.nat(right.length - 1), fc.integer({ min: 0, max: 255 }), (at, code) => {
        const character = String.fromCharCode(code);
        const wrong = right.slice(0, at) + character + right.slice(at + 1);
        const { hear } = listening();
        const same = wrong.toUpperCase() === right || character === "\n";
        expect(hear(wrong) === "reply").toBe(same && wrong.toUpperCase() === right);
      }),
      { numRuns: 5_000, seed: 2 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (noise) => {
        const { receiver } = listening();
        expect(receiver.push(noise, 5)).toBe("nothing");
        receiver.push(Buffer.concat([Buffer.from(":"), noise, Buffer.from("\r\n")]), 6);
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });

  test("says at once that an answer with a wrong LRC is damaged, and takes the next one", () => {
    const { hear, counters } = listening();
    expect(hear(answer(17, 3, 6, 2, 43, 0, 0, 0, 100).replace(/..\r\n$/u, "00\r\n"))).toBe("damaged");
    expect(counters).toMatchObject({ crcErrors: 1, discardedBytes: 23 });
    const again = listening();
    expect(again.hear(answer(17, 3, 6, 0, 0).slice(0, 8))).toBe("nothing");
    expect(again.hear(answer(17, 0x83, 2))).toBe("reply");
    expect(again.counters).toMatchObject({ shortFrames: 1 });
  });

  test("gives a frame up whose characters are more than a second apart, as the standard says", () => {
    const text = answer(17, 3, 6, 2, 43, 0, 0, 0, 100);
    const patient = listening();
    expect(patient.hear(text.slice(0, 10))).toBe("nothing");
    expect(patient.receiver.arriving).toBe(true);
    expect(patient.hear(text.slice(10), 1_000)).toBe("reply");
    const { hear, counters, receiver } = listening();
    hear(text.slice(0, 10));
    expect(hear(text.slice(10), 1_100)).toBe("nothing");
    expect(counters.shortFrames).toBe(1);
    expect(receiver.damaged).toBe(true);
    expect(hear(text)).toBe("reply");
  });

  test("tells late, foreign, short and long answers apart", () => {
    const { hear, counters } = listening();
    expect(hear(answer(9, 3, 2, 0, 1))).toBe("nothing");
    expect(hear(answer(8, 3, 2, 0, 1))).toBe("nothing");
    expect(hear(answer(17, 3, 4, 0, 1, 0, 1))).toBe("nothing");
    expect(hear(answer(17, 3, 8, 0, 1, 0, 1, 0, 1, 0, 1))).toBe("nothing");
    expect(hear(`:${"00".repeat(300)}\r\n`)).toBe("nothing");
    expect(counters).toMatchObject({ lateReplies: 1, foreignFrames: 1, shortFrames: 1, longFrames: 2 });
  });

  test("takes small letters, which some devices write", () => {
    expect(listening().hear(answer(17, 3, 6, 2, 43, 0, 0, 0, 100).toLowerCase())).toBe("reply");
  });
});

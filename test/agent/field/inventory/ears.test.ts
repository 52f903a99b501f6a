import fc from "fast-check";
import { expect, test } from "vitest";
import { AsciiEar } from "../../../../agent/field/inventory/ascii-ear.ts";
import { RtuEar } from "../../../../agent/field/inventory/line-ear.ts";
import type { HeardFrame } from "../../../../agent/field/inventory/line-ear.ts";
import { TimeSketch } from "../../../../agent/field/inventory/time-sketch.ts";
import { utcText } from "../../../../agent/field/inventory/utc-text.ts";
import { encodeRtu } from "../../../../simulator/modbus/rtu-frame.ts";
import { shortPdu } from "../../../../simulator/modbus/index.ts";

const TIMING = { silenceMs: 4, characterMs: 1.1 };
const ASK = encodeRtu({ unit: 3, pdu: shortPdu(3, 16, 2) });
const ANSWER = encodeRtu({ unit: 3, pdu: Uint8Array.of(3, 4, 0, 1, 0, 2) });

function rtuEar() {
  const frames: HeardFrame[] = [];
  return { ear: new RtuEar(TIMING, (frame) => void frames.push(frame)), frames };
}

test("question and answer are told apart when an adapter runs them together", () => {
  const { ear, frames } = rtuEar();
  ear.push(Buffer.concat([ASK, ANSWER]), 100);
  ear.settle(110);
  expect(frames.map(({ request, reply }) => [request?.address, reply !== undefined])).toEqual([
    [16, false],
    [undefined, true],
  ]);
});

test("a frame is put together where an adapter cut it, and noise before it is dropped", () => {
  const { ear, frames } = rtuEar();
  ear.push(Uint8Array.of(0xff, 0x00, 0x13), 50);
  ear.push(ANSWER.subarray(0, 4), 70);
  ear.push(ANSWER.subarray(4), 86);
  ear.settle(100);
  expect(frames.map(({ adu }) => adu.toString("hex"))).toEqual([Buffer.from(ANSWER).toString("hex")]);
});

test("whatever is heard, in whatever pieces, nothing is thrown and memory stays bounded", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(60)), { maxLength: 40 }),
      (said) => {
        const { ear, frames } = rtuEar();
        const ascii = new AsciiEar(() => {});
        let nowMs = 0;
        for (const [bytes, pauseMs] of said) {
          nowMs += pauseMs + bytes.length;
          ear.push(bytes, nowMs);
          ascii.push(bytes, nowMs);
        }
        ear.settle(nowMs + 1_000);
        expect(frames.every(({ adu }) => adu.length >= 4 && adu.length <= 256)).toBe(true);
      },
    ),
  );
});

test("an ASCII frame is heard once its check fits, and only then", () => {
  const frames: HeardFrame[] = [];
  const ear = new AsciiEar((frame) => void frames.push(frame));
  // unit 17 reads 3 registers from 107: the sum of all bytes is 0
  ear.push(Buffer.from(":1103006B00037E\r\n:1103006B00037F\r\ngarbage:110300"), 10);
  ear.push(Buffer.from("6B00037E\r\n"), 900);
  expect(frames.map(({ request }) => [request?.unit, request?.address, request?.quantity])).toEqual([
    [17, 107, 3],
    [17, 107, 3],
  ]);
});

test("percentiles of a sketch are within its growth, and it is the same after being stored", () => {
  const sketch = new TimeSketch();
  for (let ms = 1; ms <= 1_000; ms++) sketch.add(ms);
  expect(sketch.percentile(0.5) / 500).toBeGreaterThan(1 / 1.15);
  expect(sketch.percentile(0.5) / 500).toBeLessThan(1.15);
  const again = new TimeSketch(sketch.stored());
  expect([again.count, again.percentile(0.9)]).toEqual([1_000, sketch.percentile(0.9)]);
  for (let i = 0; i < 20_000; i++) sketch.add(5_000);
  expect(sketch.count).toBeLessThan(8_192);
  expect(sketch.percentile(0.1)).toBeGreaterThan(4_000);
});

test("an instant reads as its ISO text, leap days and centuries included", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7_258_118_400_000 }), (unixMs) => {
      expect(utcText(unixMs)).toBe(`${new Date(unixMs).toISOString().slice(0, 19).replace("T", " ")} UTC`);
    }),
  );
});

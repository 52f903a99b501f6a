import fc from "fast-check";
import { expect, test } from "vitest";
import { answer } from "../../../../agent/uplink/modbus-server/answer.ts";
import { encodeValue } from "../../../../agent/uplink/modbus-server/encode-value.ts";
import { FRAME_BYTES_MAX, takeFrame } from "../../../../agent/uplink/modbus-server/mbap.ts";
import { RegisterMap } from "../../../../agent/uplink/modbus-server/register-map.ts";
import { entry } from "./server-world.ts";

const map = new RegisterMap(
  Array.from({ length: 60 }, (_, i) => entry(`a/p${i}`, { address: 2 * i, type: "float32", count: 2 })),
  (index) => (index % 7 === 0 ? undefined : index),
  () => {},
);
const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));

test("whatever is asked, the answer is short, for that function, and nothing is thrown", () => {
  fc.assert(
    fc.property(bytes(1, 253), (pdu) => {
      const { pdu: reply } = answer(pdu, map);
      expect(reply.length).toBeLessThanOrEqual(253);
      expect((reply[0] ?? 0) & 0x7f).toBe((pdu[0] ?? 0) & 0x7f);
      if (reply.length > 2) expect(reply[1]).toBe(reply.length - 2);
    }),
    { numRuns: 2_000 },
  );
});

test("every read of this map is all of what it asks for, or the right exception", () => {
  fc.assert(
    fc.property(fc.nat({ max: 140 }), fc.integer({ min: 1, max: 125 }), (address, count) => {
      const pdu = Buffer.from([3, 0, address, 0, count]);
      const reply = answer(pdu, map).pdu;
      const mapped = address % 2 === 0 && count % 2 === 0 && address + count <= 120;
      if (!mapped) {
        // up to what is not mapped it may come upon what has no value
        expect(reply[0]).toBe(0x83);
        return;
      }
      const points = Array.from({ length: count / 2 }, (_, i) => address / 2 + i);
      if (points.some((point) => point % 7 === 0)) expect([...reply]).toEqual([0x83, 11]);
      else for (const [i, point] of points.entries()) expect(reply.readFloatBE(2 + 4 * i)).toBe(point);
    }),
    { numRuns: 2_000 },
  );
});

test("whatever is received is a frame of the standard's length, more to come, or garbage", () => {
  fc.assert(
    fc.property(bytes(0, 600), (received) => {
      const taken = takeFrame(received);
      if (taken === "more") expect(received.length).toBeLessThan(FRAME_BYTES_MAX);
      else if (taken !== "garbage") {
        expect(taken.bytes).toBeLessThanOrEqual(Math.min(FRAME_BYTES_MAX, received.length));
        expect(taken.pdu.length).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("64-bit numbers are exact, and 32-bit ones are what the engine's own arrays make of them", () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.integer(), (wide, narrow) => {
      const long = encodeValue(entry("a/x", { type: "int64", count: 4 }), wide.toString());
      expect(long?.readBigInt64BE()).toBe(wide);
      const view = new DataView(new ArrayBuffer(4));
      view.setInt32(0, narrow);
      const short = encodeValue(entry("a/x", { type: "int32", count: 2 }), narrow);
      expect(short).toEqual(Buffer.from(view.buffer));
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { ByteStream } from "../../../hal/network.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { ModbusDevice, serveTcp } from "../../../simulator/modbus/index.ts";
import type { Injection } from "../../../simulator/modbus/index.ts";
import { encodeMbap, mbapReader } from "../../../simulator/modbus/mbap.ts";
import type { MbapFrame } from "../../../simulator/modbus/mbap.ts";
import { memoryNetwork } from "../../../simulator/network.ts";

const TARGET = { kind: "tcp", host: "10.0.0.7", port: 502 } as const;
const READ_ONE = Uint8Array.of(3, 0, 0, 0, 1);

async function bench(...injections: Injection[]) {
  const clock = virtualClock();
  const network = memoryNetwork(clock);
  const devices = [1, 2].map((unit) => new ModbusDevice({ unit, clock, entropy: seededEntropy(unit) }));
  for (const device of devices) {
    device.holdingRegisters.store(0, [device.unit]);
    for (const injection of injections) device.inject(injection);
  }
  const server = await serveTcp({ clock, network, target: TARGET, devices });
  const segments: Uint8Array[] = [];
  let closed = false;
  const connecting = network.connect(TARGET, new AbortController().signal);
  await clock.advance(10);
  const stream: ByteStream = await connecting;
  stream.on("data", (chunk: Uint8Array) => segments.push(chunk));
  stream.on("error", () => {});
  stream.once("close", () => (closed = true));
  return {
    clock,
    devices,
    server,
    stream,
    segments,
    isClosed: () => closed,
    async ask(bytes: Uint8Array): Promise<MbapFrame[]> {
      const frames: MbapFrame[] = [];
      const before = segments.length;
      stream.write(bytes);
      await clock.advance(500);
      const read = mbapReader(
        (frame) => frames.push(frame),
        () => frames.push({ transactionId: -1, unit: -1, pdu: new Uint8Array(0) }),
      );
      segments.slice(before).forEach(read);
      return frames;
    },
  };
}

const request = (transactionId: number, unit = 1): Uint8Array => encodeMbap({ transactionId, unit, pdu: READ_ONE });

test("each unit behind a socket answers under the transaction it was asked with", async () => {
  const world = await bench();
  expect(await world.ask(request(7, 2))).toEqual([{ transactionId: 7, unit: 2, pdu: Uint8Array.of(3, 2, 0, 2) }]);
  const both = await world.ask(Buffer.concat([request(8, 1), request(9, 2)]));
  expect(both.map(({ transactionId }) => transactionId)).toEqual([8, 9]);
});

test("a request in single bytes is put together", async () => {
  const world = await bench();
  for (const byte of request(7)) world.stream.write(Uint8Array.of(byte));
  expect(await world.ask(request(8))).toHaveLength(2);
});

test("a unit that is not there is answered as a gateway does", async () => {
  const world = await bench();
  expect(await world.ask(request(7, 9))).toEqual([{ transactionId: 7, unit: 9, pdu: Uint8Array.of(0x83, 11) }]);
});

test.each([
  ["a length beyond a PDU", "0001 0000 00ff 01"],
  ["a length of nothing", "0001 0000 0001 01"],
  ["another protocol", "0001 0001 0006 01"],
])("%s costs the connection and is counted", async (_, hex) => {
  const world = await bench();
  await world.ask(Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")));
  expect([world.isClosed(), world.server.counters.malformed]).toEqual([true, 1]);
});

test.each<[Injection, readonly MbapFrame[] | number]>([
  [{ kind: "wrong-transaction" }, [{ transactionId: 0x4007, unit: 1, pdu: Uint8Array.of(3, 2, 0, 1) }]],
  [{ kind: "wrong-unit", unit: 5 }, [{ transactionId: 7, unit: 5, pdu: Uint8Array.of(3, 2, 0, 1) }]],
  [{ kind: "exception", code: 4 }, [{ transactionId: 7, unit: 1, pdu: Uint8Array.of(0x83, 4) }]],
  [{ kind: "short-frame" }, [{ transactionId: 7, unit: 1, pdu: Uint8Array.of(3, 2, 0) }]],
  [{ kind: "duplicated-reply" }, 2],
  [{ kind: "two-replies" }, 2],
  [{ kind: "split-bytes" }, 1],
  [{ kind: "silence" }, 0],
  [{ kind: "lost-reply" }, 0],
  [{ kind: "half-reply" }, 0],
])("on request the device misbehaves: %o", async (injection, expected) => {
  const world = await bench(injection);
  const frames = await world.ask(request(7));
  if (typeof expected === "number") expect(frames).toHaveLength(expected);
  else expect(frames).toEqual(expected);
});

test("split bytes are segments of their own, two replies share one", async () => {
  const split = await bench({ kind: "split-bytes" });
  await split.ask(request(7));
  expect(split.segments).toHaveLength(11);
  const joined = await bench({ kind: "two-replies" });
  const frames = await joined.ask(request(7));
  expect(frames.map(({ transactionId }) => transactionId)).toEqual([0x4007, 7]);
  expect(joined.segments).toHaveLength(1);
});

test("framing faults are what a client's reader must refuse", async () => {
  for (const kind of ["oversize-length", "wrong-protocol"] as const) {
    const world = await bench({ kind });
    expect((await world.ask(request(7))).map(({ transactionId }) => transactionId)).toEqual([-1]);
  }
});

test("a disconnect closes the connection, and the device serves the next one", async () => {
  const world = await bench({ kind: "disconnect", count: 1 });
  await world.ask(request(7));
  expect([world.isClosed(), world.server.connections()]).toEqual([true, 0]);
});

test("a late reply comes when it says", async () => {
  const world = await bench({ kind: "late-reply", ms: 600 });
  expect(await world.ask(request(7))).toHaveLength(0);
  await world.clock.advance(101);
  expect(world.segments).toHaveLength(1);
});

test("no bytes make the reader throw, and whole frames survive any segmentation", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (chunks) => {
      let lost = 0;
      const read = mbapReader(
        ({ pdu }) => expect(pdu.length).toBeGreaterThan(0),
        () => (lost += 1),
      );
      chunks.forEach(read);
      expect(lost).toBeLessThan(2);
    }),
    { numRuns: 100_000 },
  );
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 253 }), { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 9 }),
      (pdus, cuts) => {
        const bytes = Buffer.concat(pdus.map((pdu, transactionId) => encodeMbap({ transactionId, unit: 1, pdu })));
        const seen: Uint8Array[] = [];
        const read = mbapReader(
          ({ pdu }) => seen.push(Uint8Array.from(pdu)),
          () => expect.unreachable(),
        );
        let turn = 0;
        for (let at = 0; at < bytes.length;) {
          const size = cuts[turn++ % cuts.length] ?? 1;
          read(bytes.subarray(at, at + size));
          at += size;
        }
        expect(seen).toEqual(pdus.map((pdu) => Uint8Array.from(pdu)));
      },
    ),
    { numRuns: 2_000 },
  );
});

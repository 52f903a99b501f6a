import { duplexPair } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FRAME_BYTES_MAX, WAITING_BYTES_MAX, openChannel } from "../../../agent/contract/channel.ts";
import { decodeFieldToUplink, decodeUplinkToField } from "../../../agent/contract/decode.ts";
import type { FieldToUplink, UplinkToField } from "../../../agent/contract/field-uplink.ts";

const batch: FieldToUplink = {
  kind: "batch",
  revision: 1,
  source: 0,
  first: 0,
  trust: "trusted",
  points: [0, 1],
  values: [1.5, null],
  qualities: [0, 1],
  times: [1_000, 1_001],
};

function pair() {
  const [near, far] = duplexPair();
  // what a socket does by itself: the end of one half is the end of the other
  near.once("close", () => far.destroy());
  far.once("close", () => near.destroy());
  return { near, far };
}

test("messages arrive whole and in order however the stream cuts them", async () => {
  const { near, far } = pair();
  const heard: FieldToUplink[] = [];
  const sender = openChannel<UplinkToField, FieldToUplink>(near, decodeUplinkToField, () => {});
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const relay = duplexPair();
  far.on("data", (chunk: Buffer) => {
    for (const byte of chunk) relay[0].write(Buffer.of(byte));
  });
  openChannel<FieldToUplink, UplinkToField>(relay[1], decodeFieldToUplink, (message) => {
    heard.push(message);
    if (heard.length === 3) resolve();
  });
  for (const first of [0, 2, 4]) sender.send({ ...batch, first });
  await done;
  expect(heard).toEqual([0, 2, 4].map((first) => ({ ...batch, first })));
});

test.each([
  [
    "a message no schema allows",
    frame(JSON.stringify({ kind: "configure", digest: "", part: {} })),
    "CHANNEL_MESSAGE_REFUSED",
  ],
  [
    "a batch whose columns differ in length",
    frame(JSON.stringify({ ...batch, values: [1] })),
    "CHANNEL_MESSAGE_REFUSED",
  ],
  ["a batch with an unknown key", frame(JSON.stringify({ ...batch, extra: 1 })), "CHANNEL_MESSAGE_REFUSED"],
  ["bytes that are not JSON", frame("}{"), "CHANNEL_MESSAGE_MALFORMED"],
  ["a length beyond the limit", length(FRAME_BYTES_MAX + 1), "CHANNEL_FRAME_SIZE"],
  ["a length of zero", length(0), "CHANNEL_FRAME_SIZE"],
])("a peer that sends %s is cut off with a code and nothing of it is heard", async (_name, bytes, code) => {
  const { near, far } = pair();
  const heard: FieldToUplink[] = [];
  const channel = openChannel<FieldToUplink, UplinkToField>(far, decodeFieldToUplink, (message) => heard.push(message));
  near.write(bytes);
  const reason = await channel.closed;
  expect(reason?.code).toBe(code);
  expect(heard).toEqual([]);
});

test("nothing is heard of what a peer sent behind a message that was refused", async () => {
  const { near, far } = pair();
  const heard: FieldToUplink[] = [];
  const channel = openChannel<FieldToUplink, UplinkToField>(far, decodeFieldToUplink, (message) => heard.push(message));
  near.write(Buffer.concat([frame(JSON.stringify(batch)), frame("{}"), frame(JSON.stringify(batch))]));
  expect((await channel.closed)?.code).toBe("CHANNEL_MESSAGE_REFUSED");
  expect(heard).toEqual([batch]);
});

test("a peer that ends without a word is a plain end", async () => {
  const { near, far } = pair();
  const channel = openChannel<FieldToUplink, UplinkToField>(far, decodeFieldToUplink, () => {});
  near.destroy();
  expect(await channel.closed).toBeUndefined();
  expect(channel.send({ kind: "credit", values: 1 })).toBe(true);
});

test("a peer that does not read is noticed before memory is", async () => {
  const { near, far } = pair();
  const channel = openChannel<UplinkToField, FieldToUplink>(near, decodeUplinkToField, () => {});
  const wide = {
    ...batch,
    points: fill(4_000, 0),
    values: fill(4_000, 0.125),
    qualities: fill(4_000, 0),
    times: fill(4_000, 1),
  };
  let sent = 0;
  while (channel.send(wide)) sent++;
  expect(near.writableLength).toBeGreaterThanOrEqual(WAITING_BYTES_MAX);
  expect(near.writableLength).toBeLessThan(2 * WAITING_BYTES_MAX);
  const drained = channel.drained();
  far.resume();
  await drained;
  expect(sent).toBeGreaterThan(10);
  expect(near.writableLength).toBeLessThan(WAITING_BYTES_MAX);
});

test("no JSON value at all makes a decoder throw", () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom("batch", "roster", "gap", "source-state", "__proto__"),
      (value, kind) => {
        decodeFieldToUplink(value);
        decodeFieldToUplink(Object.assign(Object.create(null), value, { kind }));
      },
    ),
    { numRuns: 20_000 },
  );
});

function length(bytes: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(bytes);
  return head;
}

function frame(text: string): Buffer {
  return Buffer.concat([length(Buffer.byteLength(text)), Buffer.from(text)]);
}

function fill<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

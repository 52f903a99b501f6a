import { parser } from "mqtt-packet";
import type { IPublishPacket } from "mqtt-packet";
import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { dataWriter } from "../../../../agent/uplink/mqtt/data-writer.ts";
import type { ProtocolVersion } from "../../../../agent/uplink/mqtt/protocol.ts";

const TOPIC = "spBv1.0/harbour/DDATA/gw-1/pump";

/** A stream that keeps what reaches the other side, write by write. */
function sink() {
  const writes: Buffer[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      writes.push(Buffer.from(chunk));
      done();
    },
    writev(chunks, done) {
      writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)));
      done();
    },
  });
  return { stream, writes };
}

/** As somebody else's parser reads them. */
function packets(writes: readonly Buffer[], protocol: ProtocolVersion): IPublishPacket[] {
  const read: IPublishPacket[] = [];
  const reader = parser({ protocolVersion: protocol === "5" ? 5 : 4 });
  reader.on("packet", (packet) => read.push(packet as IPublishPacket));
  reader.on("error", (error) => {
    throw error;
  });
  for (const write of writes) reader.parse(write);
  return read;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test.each(["3.1.1", "5"] as const)("every length is read as it was written, in MQTT %s", async (protocol) => {
  const { stream, writes } = sink();
  const writer = dataWriter(stream, protocol);
  // around each step of the remaining length, and around a chunk
  const around = [127, 16_383, 65_536, 2_097_151].flatMap((n) =>
    [-40, -36, -35, -34, -33, -32, 0, 1].map((d) => n + d),
  );
  const sizes = [0, 1, ...around];
  for (const size of sizes) writer.publish(TOPIC, Buffer.alloc(size, size % 251));
  await turn();
  const read = packets(writes, protocol);
  expect(read.map(({ payload }) => payload.length)).toEqual(sizes);
  for (const packet of read) {
    expect([packet.cmd, packet.topic, packet.qos, packet.retain, packet.dup]).toEqual([
      "publish",
      TOPIC,
      0,
      false,
      false,
    ]);
    expect(Buffer.from(packet.payload).every((byte) => byte === packet.payload.length % 251)).toBe(true);
  }
});

test("a topic is written in UTF-8, its length in bytes", async () => {
  const { stream, writes } = sink();
  dataWriter(stream, "3.1.1").publish("spBv1.0/Hafen/DDATA/gw-1/Pümpe-€", Buffer.from("x"));
  await turn();
  expect(packets(writes, "3.1.1")[0]?.topic).toBe("spBv1.0/Hafen/DDATA/gw-1/Pümpe-€");
});

test("what is published in one turn leaves in one write, together with what else is written then", async () => {
  const { stream, writes } = sink();
  const writer = dataWriter(stream, "3.1.1");
  for (let round = 0; round < 3; round++) {
    writer.publish(TOPIC, Buffer.from(`a${round}`));
    writer.publish(TOPIC, Buffer.from(`b${round}`));
    writer.flush();
    stream.write(Buffer.from([0xc0, 0])); // PINGREQ stands for a mark
    writer.publish(TOPIC, Buffer.from(`c${round}`));
    await turn();
  }
  expect(writes).toHaveLength(3);
  const order = packets(writes, "3.1.1").map((packet) => (packet.payload ? packet.payload.toString() : packet.cmd));
  expect(order.slice(0, 4)).toEqual(["a0", "b0", "pingreq", "c0"]);
});

test("the caller may reuse its payload at once, and nothing already written is overwritten", async () => {
  const { stream, writes } = sink();
  const writer = dataWriter(stream, "3.1.1");
  const payload = Buffer.alloc(300);
  const rounds = 1_000;
  for (let i = 0; i < rounds; i++) {
    writer.publish(TOPIC, payload.fill(i % 256));
    if (i % 7 === 0) await turn();
  }
  await turn();
  const read = packets(writes, "3.1.1");
  expect(read).toHaveLength(rounds);
  expect(read.every(({ payload: got }, i) => Buffer.from(got).equals(Buffer.alloc(300, i % 256)))).toBe(true);
});

test("bytes that are collected count as waiting, and go once", async () => {
  const { stream, writes } = sink();
  const writer = dataWriter(stream, "3.1.1");
  writer.publish(TOPIC, Buffer.alloc(50));
  const collected = writer.collectedBytes;
  expect(collected).toBe(2 + 2 + TOPIC.length + 50); // fixed header, topic with its length, payload
  writer.flush();
  expect(writer.collectedBytes).toBe(0);
  expect(stream.writableLength).toBe(collected);
  await turn();
  expect(Buffer.concat(writes)).toHaveLength(collected);
});

test("a stream that is gone is not written to", async () => {
  const { stream, writes } = sink();
  const errors: Error[] = [];
  stream.on("error", (error) => errors.push(error));
  const writer = dataWriter(stream, "3.1.1");
  writer.publish(TOPIC, Buffer.alloc(10));
  stream.destroy();
  await turn();
  writer.publish(TOPIC, Buffer.alloc(10));
  await turn();
  expect(writes).toEqual([]);
  expect(errors).toEqual([]);
});

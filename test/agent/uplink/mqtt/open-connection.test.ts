import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../../simulator/clock.ts";
import { virtualTime } from "../world.ts";
import { rawBroker } from "./raw-broker.ts";
import type { RawBroker } from "./raw-broker.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const CONNECT = 1;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const CONNACK = [0x20, 2, 0, 0] as const;
/** success; receive maximum 2, maximum packet size 1000 */
const CONNACK_5 = [0x20, 11, 0, 0, 8, 0x21, 0, 2, 0x27, 0, 0, 0x03, 0xe8] as const;

/** The packet id of a PUBLISH at QoS 1, behind its topic. */
const idOf = (packet: Buffer): readonly [number, number] => {
  const at = 4 + packet.readUInt16BE(2);
  return [packet[at] ?? 0, packet[at + 1] ?? 0];
};
/** SUBACK with the packet id of the SUBSCRIBE it answers. */
const suback = (packet: Buffer, ...granted: readonly number[]): number[] => [
  0x90,
  2 + granted.length,
  packet[2] ?? 0,
  packet[3] ?? 0,
  ...granted,
];
const suback5 = (packet: Buffer): number[] => [0x90, 5, packet[2] ?? 0, packet[3] ?? 0, 0, 1, 1];
const polite = (type: number, packet: Buffer): readonly number[] | undefined =>
  type === CONNECT ? CONNACK : type === SUBSCRIBE ? suback(packet, 1, 1) : undefined;
const endOf = async (broker: RawBroker): Promise<unknown> => {
  const { connection } = broker.outcome();
  let why: unknown;
  void connection?.closed.then((error) => (why = error));
  await clock.advance(10);
  return why;
};

test("a connection is open once CONNECT and SUBSCRIBE are answered", async () => {
  const broker = await rawBroker(clock, "3.1.1", polite);
  expect(broker.outcome().connection).toMatchObject({ protocol: "3.1.1", packetBytesMax: 4_096 });
  expect(broker.heard.map((first) => first >> 4)).toEqual([CONNECT, SUBSCRIBE]);
});

test("a SUBSCRIBE that is never answered is a timeout of its own", async () => {
  const broker = await rawBroker(clock, "3.1.1", (type) => (type === CONNECT ? CONNACK : undefined));
  expect(broker.outcome()).toEqual({});
  await clock.advance(5_000);
  expect(broker.outcome().error).toMatchObject({ code: "UPLINK_SUBACK_TIMEOUT" });
});

test("a subscription that is refused is reported and the connection stays", async () => {
  const broker = await rawBroker(clock, "3.1.1", (type, packet) =>
    type === SUBSCRIBE ? suback(packet, 1, 0x80) : polite(type, packet),
  );
  expect(broker.outcome().connection).toBeDefined();
  expect(broker.refusedFilters).toEqual(["b"]);
});

test.each([
  ["CONNACK 1", "3.1.1", [0x20, 2, 0, 1], "UPLINK_PROTOCOL_REFUSED"],
  ["CONNACK 0x84", "5", [0x20, 3, 0, 0x84, 0], "UPLINK_PROTOCOL_REFUSED"],
  ["a CONNACK of 3.1.1 to a CONNECT of 5", "5", [0x20, 2, 0, 1], "UPLINK_PROTOCOL_REFUSED"],
  ["CONNACK 5", "3.1.1", [0x20, 2, 0, 5], "UPLINK_BROKER_REFUSED"],
  ["CONNACK 4", "3.1.1", [0x20, 2, 0, 4], "UPLINK_PASSWORD_REFUSED"],
  ["CONNACK 0x86", "5", [0x20, 3, 0, 0x86, 0], "UPLINK_PASSWORD_REFUSED"],
  ["CONNACK 0x9D without a name", "5", [0x20, 3, 0, 0x9d, 0], "UPLINK_BROKER_MOVED"],
  ["a welcome at QoS 0 alone", "5", [0x20, 5, 0, 0, 2, 0x24, 0], "UPLINK_QOS_UNSUPPORTED"],
  ["CONNACK 0x87", "5", [0x20, 3, 0, 0x87, 0], "UPLINK_BROKER_REFUSED"],
  ["HTTP", "5", [...Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")], "UPLINK_PROTOCOL_ERROR"],
  ["a PUBLISH at QoS 2", "5", [0x34, 2, 0, 0], "UPLINK_PROTOCOL_ERROR"],
  ["a packet without end", "5", [0x30, 0xff, 0xff, 0xff, 0x7f], "UPLINK_PACKET_TOO_LARGE"],
] as const)("%s instead of a welcome is refused by its code", async (_what, version, bytes, code) => {
  const broker = await rawBroker(clock, version, (type) => (type === CONNECT ? bytes : undefined));
  expect(broker.outcome().error).toMatchObject({ code });
});

test.each([
  ["another CONNACK", CONNACK, "UPLINK_PROTOCOL_ERROR"],
  ["a PUBREL", [0x62, 2, 0, 1], "UPLINK_PROTOCOL_ERROR"],
  ["a malformed PUBLISH", [0x30, 2, 0xff, 0xff], "UPLINK_PROTOCOL_ERROR"],
  ["a packet over the limit", [0x90, 0xff, 0x7f], "UPLINK_PACKET_TOO_LARGE"],
  ["a message too long even to be dropped", [0x30, 0xff, 0xff, 0xff, 0x7f], "UPLINK_PACKET_TOO_LARGE"],
] as const)("%s ends an open connection by its code", async (_what, bytes, code) => {
  const broker = await rawBroker(clock, "3.1.1", polite);
  broker.say(...bytes);
  expect(await endOf(broker)).toMatchObject({ code });
});

test("pings that nobody answers end the connection", async () => {
  const broker = await rawBroker(clock, "3.1.1", polite);
  await clock.advance(21_000);
  expect(await endOf(broker)).toMatchObject({ code: "UPLINK_KEEPALIVE_TIMEOUT" });
});

test("a message at QoS 1 is handed on and acknowledged", async () => {
  const broker = await rawBroker(clock, "3.1.1", polite);
  broker.say(0x32, 6, 0, 1, 0x61, 0, 7, 0x78);
  await clock.advance(10);
  expect(broker.messages).toEqual(["a"]);
  expect(broker.heard.at(-1)).toBe(0x40);
});

test("MQTT 5: what the broker says it can take is kept to", async () => {
  const ids: (readonly [number, number])[] = [];
  const broker = await rawBroker(clock, "5", (type, packet) => {
    if (type === PUBLISH) ids.push(idOf(packet));
    return type === CONNECT ? CONNACK_5 : type === SUBSCRIBE ? suback5(packet) : undefined;
  });
  const { connection } = broker.outcome();
  expect(connection?.packetBytesMax).toBe(1_000);
  let acknowledged = 0;
  for (let i = 0; i < 5; i++) connection?.publishAcknowledged("a", new Uint8Array(1), false, () => acknowledged++);
  await clock.advance(10);
  const published = () => broker.heard.filter((first) => first >> 4 === PUBLISH).length;
  expect(published()).toBe(2);
  broker.say(0x40, 2, ...(ids[0] ?? []));
  await clock.advance(10);
  expect([published(), acknowledged]).toEqual([3, 1]);
});

test("MQTT 5: a PUBACK that refuses ends the connection, and a DISCONNECT tells its reason", async () => {
  const accept = (type: number, packet: Buffer): readonly number[] | undefined =>
    type === CONNECT
      ? [0x20, 3, 0, 0, 0]
      : type === SUBSCRIBE
        ? suback5(packet)
        : type === PUBLISH
          ? [0x40, 3, ...idOf(packet), 0x87]
          : undefined;
  const broker = await rawBroker(clock, "5", accept);
  broker.outcome().connection?.publishAcknowledged("mark", new Uint8Array(1), false, () => {});
  expect(await endOf(broker)).toMatchObject({ code: "UPLINK_PUBLISH_REFUSED" });
  const other = await rawBroker(clock, "5", accept);
  other.say(0xe0, 1, 0x8e);
  await clock.advance(10);
  other.hangUp();
  expect(await endOf(other)).toMatchObject({ message: expect.stringContaining("142") });
});

/** A property of MQTT 5 that is a text. */
const textProperty = (id: number, text: string): number[] => [id, 0, text.length, ...Buffer.from(text)];
const connack5 = (reason: number, ...properties: readonly number[]): number[] => [
  0x20,
  3 + properties.length,
  0,
  reason,
  properties.length,
  ...properties,
];
const REFERENCE = textProperty(0x1c, "other.test:8883");

test("a broker that sends the gateway elsewhere is not obeyed: its reference is told, whatever it holds", async () => {
  const broker = await rawBroker(clock, "5", (type) => (type === CONNECT ? connack5(0x9c, ...REFERENCE) : undefined));
  const { error } = broker.outcome();
  expect(error).toMatchObject({ code: "UPLINK_BROKER_MOVED" });
  expect((error as Error).message).toContain('belongs to "other.test:8883"');
});

test("what a broker says for a reason is told, and nothing of it reaches a terminal as it is", async () => {
  const reason = textProperty(0x1f, "bad\u001b[2J mood");
  const broker = await rawBroker(clock, "5", (type) => (type === CONNECT ? connack5(0x87, ...reason) : undefined));
  expect((broker.outcome().error as Error).message).toContain('Not authorized, "bad\ufffd[2J mood"');
});

test("a broker that sends the gateway elsewhere in the middle of a session is not obeyed either", async () => {
  const broker = await rawBroker(clock, "5", (type, packet) =>
    type === CONNECT ? CONNACK_5 : type === SUBSCRIBE ? suback5(packet) : undefined,
  );
  broker.say(0xe0, 2 + REFERENCE.length, 0x9d, REFERENCE.length, ...REFERENCE);
  expect(await endOf(broker)).toMatchObject({
    code: "UPLINK_BROKER_MOVED",
    message: expect.stringContaining("other.test:8883"),
  });
});

test("what a broker of MQTT 5 announces is kept to: its keep-alive, and no retained message where it has none", async () => {
  const published: number[] = [];
  const broker = await rawBroker(clock, "5", (type, packet) => {
    if (type === PUBLISH) published.push(packet[0] ?? 0);
    if (type === SUBSCRIBE) return suback5(packet);
    return type === CONNECT ? connack5(0, 0x25, 0, 0x13, 0, 4) : undefined;
  });
  const { connection } = broker.outcome();
  expect(connection?.welcome).toMatchObject({ retains: false, keepaliveS: 4, packetBytesMax: 4_096 });
  connection?.publishAcknowledged("t", Buffer.from("x"), true, () => {});
  await clock.advance(4_000);
  expect(published).toEqual([0x32]);
  expect(broker.heard.at(-1)).toBe(0xc0);
});

test("a ping may be sent sooner than the keep-alive asks for one", async () => {
  const broker = await rawBroker(clock, "3.1.1", polite);
  broker.outcome().connection?.ping();
  await clock.advance(1);
  expect(broker.heard.at(-1)).toBe(0xc0);
});

test("a broker that ends the connection over SUBSCRIBE is told with its own reason, or what it may mean", async () => {
  const over = (...answer: readonly number[]) =>
    rawBroker(clock, "5", (type) => (type === CONNECT ? [0x20, 3, 0, 0, 0] : type === SUBSCRIBE ? answer : undefined));
  const says = await over(0xe0, 1, 0x87);
  expect(says.outcome().error).toMatchObject({
    code: "UPLINK_CONNECTION_LOST",
    message: expect.stringMatching(/DISCONNECT, reason 135 instead of an answer to SUBSCRIBE: the broker's rules/),
  });
  const silent = await over();
  silent.hangUp();
  await clock.advance(10);
  expect(silent.outcome().error).toMatchObject({
    code: "UPLINK_CONNECTION_LOST",
    message: expect.stringContaining("ended instead of an answer to SUBSCRIBE"),
  });
});

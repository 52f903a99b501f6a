import type { IConnectPacket, IPublishPacket } from "mqtt-packet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../simulator/clock.ts";
import { installVirtualGlobals } from "../../../simulator/globals.ts";
import { limitedWorld, publish } from "./limited-client.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(() => {
  globals = installVirtualGlobals(clock);
});
afterAll(() => globals[Symbol.dispose]());

const topicOf = (bytes: number): string => "a/".padEnd(bytes, "x");
const at = (options: Partial<IPublishPacket>): Partial<IPublishPacket> => ({ messageId: 7, ...options });

test.each([
  ["topic", 0x90, publish("a/2/3/4", 1), publish("a/2/3/4/5", 1)],
  ["topic", 0x90, publish(topicOf(40), 1), publish(topicOf(41), 1)],
  ["packet-size", 0x95, publish("a/b", 100), publish("a/b", 101)],
  ["qos", 0x9b, publish("a/b", 1, at({ qos: 1 })), publish("a/b", 1, at({ qos: 2 }))],
  ["retained", 0x9a, publish("a/b", 1), publish("a/b", 1, { retain: true })],
] as const)(
  "%s: one at the limit is taken, one beyond it ends the connection with %i",
  async (excess, code, fits, not) => {
    await using w = await limitedWorld(clock);
    const client = await w.join();
    await client.send(fits);
    expect(w.broker.record.kept).toHaveLength(1);
    expect(w.broker.violations).toEqual([]);
    await client.send(not);
    expect(w.broker.record.kept).toHaveLength(1);
    expect(w.broker.violations).toMatchObject([{ excess }]);
    expect(client.heard.at(-1)).toMatchObject({ cmd: "disconnect", reasonCode: code });
    expect(client.closed()).toBe(true);
  },
);

test("a whole packet is measured as it was on the wire", async () => {
  await using w = await limitedWorld(clock, { limits: { packetBytesMax: 20, payloadBytesMax: 1_000 } });
  const client = await w.join({ protocolVersion: 4 });
  // fixed header 2, topic 2 + 3, payload 13
  await client.send(publish("a/b", 13));
  expect(w.broker.violations).toEqual([]);
  await client.send(publish("a/b", 14));
  expect(w.broker.violations).toMatchObject([{ excess: "packet-size", detail: "21 bytes" }]);
  expect(client.closed()).toBe(true);
});

test("MQTT 3.1.1 is told nothing, and its connection ends the same", async () => {
  await using w = await limitedWorld(clock);
  const client = await w.join({ protocolVersion: 4 });
  await client.send(publish("a/2/3/4/5", 1));
  expect(client.heard.map(({ cmd }) => cmd)).toEqual(["connack"]);
  expect(client.closed()).toBe(true);
});

test.each(["drop", "disconnect"] as const)("messages over the rate: %s", async (overRate) => {
  await using w = await limitedWorld(clock, { limits: { overRate } });
  const client = await w.join();
  await client.send(...Array.from({ length: 5 }, () => publish("a/b", 1)));
  await clock.advance(1_000);
  await client.send(...Array.from({ length: 5 }, () => publish("a/b", 1)));
  expect(w.broker.violations).toEqual([]);
  await client.send(publish("a/b", 1));
  expect(w.broker.violations).toMatchObject([{ excess: "publish-rate" }]);
  expect(w.broker.record.kept).toHaveLength(10);
  expect(client.closed()).toBe(overRate === "disconnect");
});

test("bytes over the rate count as well", async () => {
  await using w = await limitedWorld(clock, { limits: { overRate: "drop" } });
  const client = await w.join();
  await client.send(...Array.from({ length: 4 }, () => publish("a/b", 90)));
  expect(w.broker.violations).toMatchObject([]);
  await client.send(publish("a/b", 90));
  expect(w.broker.violations).toMatchObject([{ excess: "publish-rate" }]);
});

test.each([
  ["client-id", { clientId: "12345678901" }, 0x85],
  ["topic", { will: { topic: "a/2/3/4/5", payload: Buffer.from("gone") } }, 0x90],
  ["qos", { will: { topic: "a/b", payload: Buffer.from("gone"), qos: 2 } }, 0x9b],
  ["retained", { will: { topic: "a/b", payload: Buffer.from("gone"), retain: true } }, 0x9a],
] as const)(
  "a CONNECT beyond the limit of %s is refused",
  async (excess, connect: Partial<IConnectPacket>, reasonCode) => {
    await using w = await limitedWorld(clock);
    const client = await w.join(connect);
    expect(client.heard).toMatchObject([{ cmd: "connack", reasonCode }]);
    expect(w.broker.violations).toMatchObject([{ excess }]);
    expect(client.closed()).toBe(true);
    expect(w.broker.clients()).toEqual([]);
  },
);

test("a user name is asked for where the broker wants one", async () => {
  await using w = await limitedWorld(clock, { usernameNeeded: true });
  expect((await w.join({ protocolVersion: 4 })).heard).toMatchObject([{ cmd: "connack", returnCode: 4 }]);
  await clock.advance(1_000);
  expect((await w.join({ username: "c1" })).heard).toMatchObject([{ cmd: "connack", reasonCode: 0 }]);
});

test("a second CONNECT in the same second is refused, and a later one takes the first one's place", async () => {
  await using w = await limitedWorld(clock);
  const first = await w.join();
  expect((await w.join()).heard).toMatchObject([{ cmd: "connack", reasonCode: 0x9f }]);
  expect(first.closed()).toBe(false);
  await clock.advance(1_000);
  await w.join();
  expect(first.heard.at(-1)).toMatchObject({ cmd: "disconnect", reasonCode: 0x8e });
  expect(w.broker.clients()).toHaveLength(1);
});

test("limits are announced in the words of MQTT 5", async () => {
  await using w = await limitedWorld(clock);
  const client = await w.join({ keepalive: 600 });
  expect(client.heard).toMatchObject([
    {
      properties: {
        receiveMaximum: 2,
        maximumPacketSize: 200,
        retainAvailable: false,
        maximumQoS: 1,
        serverKeepAlive: 60,
      },
    },
  ]);
  expect(w.broker.violations).toMatchObject([{ excess: "keepalive" }]);
});

test("silence of one and a half keep-alives ends the connection, and the Will is published", async () => {
  await using w = await limitedWorld(clock);
  const client = await w.join({ will: { topic: "a/will", payload: Buffer.from("gone"), qos: 1 } });
  await clock.advance(29_000);
  await client.send({ cmd: "pingreq" });
  expect(client.heard.at(-1)).toMatchObject({ cmd: "pingresp" });
  await clock.advance(44_000);
  expect(client.closed()).toBe(false);
  await clock.advance(2_000);
  expect(client.closed()).toBe(true);
  expect(w.broker.record.kept).toMatchObject([{ topic: "a/will", will: true, qos: 1 }]);
});

test("a goodbye leaves no Will", async () => {
  await using w = await limitedWorld(clock);
  const client = await w.join({ will: { topic: "a/will", payload: Buffer.from("gone") } });
  await client.send({ cmd: "disconnect" });
  await client.hangUp();
  expect(w.broker.record.kept).toEqual([]);
  expect(w.broker.clients()).toEqual([]);
});

test("subscriptions are granted up to their number, and more filters than one packet may have end the connection", async () => {
  await using w = await limitedWorld(clock);
  const client = await w.join();
  const subscribe = (messageId: number, ...topics: readonly string[]) =>
    client.send({ cmd: "subscribe", messageId, subscriptions: topics.map((topic) => ({ topic, qos: 1 })) });
  await subscribe(1, "a/1", "a/2/3/4/5");
  expect(client.heard.at(-1)).toMatchObject({ cmd: "suback", messageId: 1, granted: [1, 0x8f] });
  await subscribe(2, "a/2", "b/1");
  expect(client.heard.at(-1)).toMatchObject({ granted: [1, 0x87] });
  await subscribe(3, "a/3", "a/4");
  expect(client.heard.at(-1)).toMatchObject({ granted: [1, 0x97] });
  await w.broker.publish("a/3", Buffer.from("x"));
  await clock.advance(20);
  expect(client.heard.at(-1)).toMatchObject({ cmd: "publish", topic: "a/3", retain: false });
  await subscribe(4, "a/5", "a/6", "a/7");
  expect(client.closed()).toBe(true);
});

test("retained messages are kept for who subscribes later, and forgotten when emptied", async () => {
  await using w = await limitedWorld(clock, { limits: { retains: true } });
  const client = await w.join();
  await client.send(publish("a/kept", 3, { retain: true }), publish("a/emptied", 3, { retain: true }));
  await client.send(publish("a/emptied", 0, { retain: true }));
  await client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "a/#", qos: 1 }] });
  const retained = client.heard.filter((packet) => packet.cmd === "publish");
  expect(retained).toMatchObject([{ topic: "a/kept", retain: true, qos: 1 }]);
});

test("what is forbidden is refused in MQTT 5, and acknowledged in 3.1.1 as if it had been taken", async () => {
  await using w = await limitedWorld(clock);
  const modern = await w.join({ clientId: "c5" });
  await modern.send(publish("b/c", 1, at({ qos: 1 })));
  expect(modern.heard.at(-1)).toMatchObject({ cmd: "puback", reasonCode: 0x87 });
  const older = await w.join({ clientId: "c4", protocolVersion: 4 });
  await older.send(publish("b/c", 1, at({ qos: 1 })));
  expect(older.heard.at(-1)).toMatchObject({ cmd: "puback", messageId: 7 });
  expect(w.broker.record.kept).toEqual([]);
  expect(w.broker.violations).toMatchObject([{ excess: "forbidden" }, { excess: "forbidden" }]);
});

test("more unacknowledged messages than the Receive Maximum are one too many", async () => {
  await using w = await limitedWorld(clock);
  w.broker.mischief.keepAcknowledgements = true;
  const client = await w.join();
  await client.send(...[1, 2].map((messageId) => publish("a/b", 1, { qos: 1, messageId })));
  expect(client.heard).toHaveLength(1);
  expect(client.closed()).toBe(false);
  await client.send(publish("a/b", 1, { qos: 1, messageId: 3 }));
  expect(client.heard.at(-1)).toMatchObject({ cmd: "disconnect", reasonCode: 0x93 });
});

test("bytes that are no MQTT end the connection", async () => {
  await using w = await limitedWorld(clock);
  const client = await w.join();
  await client.send({ cmd: "unsubscribe", messageId: 1, unsubscriptions: ["a/1"] });
  expect(w.broker.violations).toMatchObject([{ excess: "malformed" }]);
  expect(client.closed()).toBe(true);
});

import type { MqttClient } from "mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ByteStream } from "../../../hal/network.ts";
import { connectTls, tlsContext } from "../../../hal/tls.ts";
import type { TlsMaterial } from "../../../hal/tls.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";
import { gatewayAccess, observerAccess, openBroker } from "../../../simulator/broker/index.ts";
import { covers } from "../../../simulator/broker/access.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { installVirtualGlobals } from "../../../simulator/globals.ts";
import { memoryNetwork } from "../../../simulator/network.ts";

const TARGET = { kind: "tcp", host: "broker.test", port: 8883 } as const;
const pki = demoPki();
const clock = virtualClock();
const material = { gateway: pki.gateway("gw-1"), observer: pki.observer("panel"), stranger: pki.gateway("stranger") };
let globals: Disposable;

beforeAll(() => {
  globals = installVirtualGlobals(clock);
});
afterAll(() => globals[Symbol.dispose]());

async function world() {
  const network = memoryNetwork(clock);
  const gateway = gatewayAccess({ group: "harbour", edgeNode: "gw-1", site: "harbour", device: "gw-1" });
  const broker = await openBroker({
    clock,
    network,
    target: TARGET,
    material: pki.broker("broker.test"),
    access: (identity) =>
      identity === "gw-1" ? gateway : identity === "panel" ? observerAccess("harbour") : undefined,
  });
  const signal = new AbortController().signal;

  async function join(
    who: TlsMaterial,
    options: { clientId?: string; protocolVersion?: 4 | 5; will?: string } = {},
  ): Promise<MqttClient> {
    const { MqttClient } = await import("mqtt");
    const connecting = network
      .connect(TARGET, signal)
      .then((stream) => connectTls(stream, { context: tlsContext(who), serverName: "broker.test" }, signal));
    await clock.advance(10);
    const stream: ByteStream = await connecting;
    stream.on("error", () => {});
    const client = new MqttClient(() => stream, {
      protocolVersion: options.protocolVersion ?? 4,
      reconnectPeriod: 0,
      connectTimeout: 5_000,
      clientId: options.clientId ?? "c1",
      ...(options.will === undefined
        ? {}
        : { will: { topic: options.will, payload: Buffer.from("gone"), qos: 1, retain: false } }),
    });
    client.on("error", () => {});
    await clock.advance(100);
    return client;
  }

  return { broker, network, join };
}

test("a gateway publishes for itself and an observer hears it", async () => {
  const { broker, join } = await world();
  await using _ = broker;
  const observer = await join(material.observer);
  const heard: string[] = [];
  observer.on("message", (topic) => heard.push(topic));
  observer.subscribe("#");
  await clock.advance(100);
  const gateway = await join(material.gateway, { clientId: "c2" });
  gateway.publish("spBv1.0/harbour/NBIRTH/gw-1", "born", { qos: 1 });
  await clock.advance(100);
  expect(heard).toContain("spBv1.0/harbour/NBIRTH/gw-1");
  expect(broker.record.kept.at(-1)).toMatchObject({ topic: "spBv1.0/harbour/NBIRTH/gw-1", identity: "gw-1", qos: 1 });
});

test("a stranger is refused, and so is speaking for another", async () => {
  const { broker, join } = await world();
  await using _ = broker;
  const stranger = await join(material.stranger);
  expect([stranger.connected, broker.counters.clientsRefused]).toEqual([false, 1]);
  const gateway = await join(material.gateway);
  gateway.publish("spBv1.0/harbour/NBIRTH/gw-2", "born");
  await clock.advance(100);
  expect([broker.counters.publishRefused, broker.record.kept.length]).toEqual([1, 0]);
});

test("another authority's client does not get past TLS", async () => {
  const { broker, join } = await world();
  await using _ = broker;
  const { certificate, key } = demoPki({ validity: { fromMs: 0, toMs: 2_500_000_000_000 } }).gateway("gw-1");
  const client = await join({ anchors: pki.ca, certificate, key });
  expect([client.connected, broker.counters.handshakesRefused]).toEqual([false, 1]);
});

test("MQTT 5 is refused", async () => {
  const { broker, join } = await world();
  await using _ = broker;
  expect((await join(material.gateway, { protocolVersion: 5 })).connected).toBe(false);
  expect((await join(material.gateway)).connected).toBe(true);
});

test("a broken connection publishes the will, a broker without power does not", async () => {
  const { broker, network, join } = await world();
  await using _ = broker;
  const will = "spBv1.0/harbour/NDEATH/gw-1";
  await join(material.gateway, { will });
  network.cut(TARGET.host, TARGET.port);
  await clock.advance(100);
  expect(broker.record.kept.map(({ topic, will: isWill }) => [topic, isWill])).toEqual([[will, true]]);
  const client = await join(material.gateway, { will });
  await broker.stop();
  await clock.advance(100);
  expect([client.connected, broker.record.kept.length]).toEqual([false, 1]);
  await broker.start();
  expect((await join(material.gateway, { will })).connected).toBe(true);
});

test("dropped acknowledgements leave the message taken and the client waiting", async () => {
  const { broker, join } = await world();
  await using _ = broker;
  const client = await join(material.gateway);
  let acknowledged = 0;
  const publish = () =>
    client.publish("holdfast/v1/harbour/gw-1/mark", "{}", { qos: 1 }, (error) => {
      if (error === undefined || error === null) acknowledged += 1;
    });
  publish();
  await clock.advance(100);
  broker.dropAcknowledgements(true);
  publish();
  await clock.advance(1_000);
  expect([acknowledged, broker.record.kept.length]).toEqual([1, 2]);
});

test("a frozen broker goes on where it stopped", async () => {
  const { broker, join } = await world();
  await using _ = broker;
  const client = await join(material.gateway);
  broker.freeze(true);
  let acknowledged = 0;
  client.publish("holdfast/v1/harbour/gw-1/mark", "{}", { qos: 1 }, () => (acknowledged += 1));
  await clock.advance(1_000);
  expect(acknowledged).toBe(0);
  broker.freeze(false);
  await clock.advance(100);
  expect(acknowledged).toBe(1);
});

test("a broker that accepts and never answers leaves the client without CONNACK", async () => {
  const { broker, join } = await world();
  await using _ = broker;
  broker.acceptAndNeverAnswer("tls");
  expect((await join(material.gateway)).connected).toBe(false);
  broker.answerAgain();
  expect((await join(material.gateway)).connected).toBe(true);
});

test("an unavailable broker says so, and disconnecting breaks everybody", async () => {
  const { broker, join } = await world();
  await using _ = broker;
  broker.refuseClients(true);
  expect((await join(material.gateway)).connected).toBe(false);
  broker.refuseClients(false);
  const client = await join(material.gateway);
  expect(broker.clients()).toEqual([{ identity: "gw-1", clientId: "c1" }]);
  broker.disconnectClients();
  await clock.advance(100);
  expect([client.connected, broker.clients()]).toEqual([false, []]);
});

test("the broker can speak: a command reaches the gateway", async () => {
  const { broker, join } = await world();
  await using _ = broker;
  const client = await join(material.gateway);
  const heard: string[] = [];
  client.on("message", (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
  client.subscribe(["spBv1.0/harbour/NCMD/gw-1", "spBv1.0/harbour/NCMD/gw-2"]);
  await clock.advance(100);
  await broker.publish("spBv1.0/harbour/NCMD/gw-1", Buffer.from("rebirth"), { qos: 1 });
  await broker.publish("spBv1.0/harbour/NCMD/gw-2", Buffer.from("rebirth"), { qos: 1 });
  await clock.advance(100);
  expect(heard).toEqual(["spBv1.0/harbour/NCMD/gw-1 rebirth"]);
  expect(broker.counters.subscribeRefused).toBe(1);
});

test.each([
  ["#", "a/#", true],
  ["a/#", "a", true],
  ["a/+/c", "a/+/c", true],
  ["a/+/c", "a/b/c", true],
  ["a/b", "a/+", false],
  ["a/+", "a/#", false],
  ["a/b", "a/b/#", false],
  ["a/b/c", "a/b", false],
  ["a", "a/b", false],
])("the filter %s over %s: %s", (allowed, requested, expected) => {
  expect(covers(allowed, requested)).toBe(expected);
});

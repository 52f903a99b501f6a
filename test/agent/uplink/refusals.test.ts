import { afterAll, beforeAll, expect, test } from "vitest";
import { HalError } from "../../../hal/error.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { gatewayMaterial, pki, virtualTime, world } from "./world.ts";
import type { World } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const fault = async (w: World) => (await w.status()).lastFault;

test.each(["tcp", "tls"] as const)(
  "a broker that accepts %s and never answers is a timeout of its own",
  async (layer) => {
    await using w = await world(clock, { broker: { connectTimeoutMs: 5_000 } });
    w.broker.acceptAndNeverAnswer(layer);
    w.broker.disconnectClients();
    await w.pass(4_900);
    expect((await w.status()).state).toBe("connecting");
    await w.pass(200);
    const code = layer === "tcp" ? "UPLINK_TLS_TIMEOUT" : "UPLINK_CONNACK_TIMEOUT";
    expect(await fault(w)).toMatchObject({ code, message: expect.stringContaining("broker.test:8883") });
    expect((await w.status()).state).toBe("waiting");
    w.broker.answerAgain();
    await w.pass(10_000);
    expect((await w.status()).state).toBe("online");
  },
);

test("an address that swallows everything is a timeout of TCP", async () => {
  await using w = await world(clock, { broker: { connectTimeoutMs: 5_000 } });
  w.network.blackhole("broker.test", 8883);
  await w.pass(5_100);
  expect(await fault(w)).toMatchObject({ code: "UPLINK_TCP_TIMEOUT" });
});

test("the broker is refused where another authority vouches for it", async () => {
  await using w = await world(clock, { brokerMaterial: demoPki().broker("broker.test") });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({
    code: "UPLINK_BROKER_UNTRUSTED",
    message: expect.stringContaining("uplink.broker.anchors"),
  });
  expect(w.host.heard).toEqual([]);
});

test("a broker with a good certificate for another name is refused as that", async () => {
  await using w = await world(clock, { brokerMaterial: pki.broker("elsewhere.test") });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({
    code: "UPLINK_BROKER_WRONG_NAME",
    message: expect.stringMatching(/elsewhere\.test.*serverName/),
  });
});

test("a broker that hangs up on our certificate without a word leads to a fault that names it", async () => {
  await using w = await world(clock, {
    material: { ...demoPki().gateway("gw-1"), anchors: pki.ca },
  });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({
    code: "UPLINK_CONNECT_CLOSED",
    message: expect.stringContaining("uplink.broker.certificate"),
  });
});

test("a CONNACK that says no is told with its reason", async () => {
  await using w = await world(clock, { material: pki.gateway("stranger") });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({ code: "UPLINK_BROKER_REFUSED", message: expect.stringContaining("5") });
});

test("a closed port, an unknown name and our own missing key are faults with their own codes", async () => {
  await using w = await world(clock);
  w.network.refuse("broker.test", 8883);
  w.broker.disconnectClients();
  await w.pass(2_000);
  expect(await fault(w)).toMatchObject({ code: "HAL_CONNECT_REFUSED" });
  w.keeper.offer("digest-2", { ...w.part, brokers: [{ ...w.part.brokers[0], host: "nowhere.test" }] });
  await w.pass(1_000);
  expect(await fault(w)).toMatchObject({
    code: "HAL_NAME_UNRESOLVED",
    message: expect.stringContaining("nowhere.test:8883"),
  });
});

test("the connection leaves by the configured interface only, and one that is not there is a fault", async () => {
  await using w = await world(clock, { part: { interfaceNames: ["nowhere0"] } });
  await w.pass(100);
  expect(await fault(w)).toMatchObject({ code: "HAL_INTERFACE_UNKNOWN" });
  expect((await fault(w))?.message).toContain("check interfaces.uplink");
});

test("material that cannot be had is a fault and is asked for again", async () => {
  let available = false;
  await using w = await world(clock, {
    materialSource: () =>
      available
        ? Promise.resolve(gatewayMaterial)
        : Promise.reject(new HalError("HAL_FILE_MISSING", "key.pem does not exist")),
  });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({ code: "HAL_FILE_MISSING" });
  available = true;
  await w.pass(5_000);
  expect((await w.status()).state).toBe("online");
});

test("a configuration that insists on MQTT 5 is told what the broker refused", async () => {
  await using w = await world(clock, { broker: { protocol: "5" } });
  await w.pass(500);
  expect(await fault(w)).toMatchObject({
    code: "UPLINK_PROTOCOL_REFUSED",
    message: expect.stringContaining("protocol to auto"),
  });
});

test("a message over packetBytesMax is dropped and counted, and one that is exactly as long is heard", async () => {
  const topic = "spBv1.0/harbour/NCMD/gw-1";
  await using w = await world(clock, { broker: { packetBytesMax: 4_096 } });
  await w.pass(500);
  await w.broker.publish(topic, new Uint8Array(4_096 - 2 - topic.length));
  await w.pass(100);
  expect(await w.status()).toMatchObject({ oversizeMessages: 0, malformedMessages: 1 });
  await w.broker.publish(topic, new Uint8Array(5_000));
  await w.pass(100);
  expect(await w.status()).toMatchObject({ state: "online", connects: 1, oversizeMessages: 1, malformedMessages: 1 });
  await w.rebirth();
  expect(await w.status()).toMatchObject({ connects: 1, births: 2 });
});

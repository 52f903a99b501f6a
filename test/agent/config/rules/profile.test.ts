import { expect, test } from "vitest";
import { PROFILES } from "../../../../agent/config/profiles/index.ts";
import type { ProfileName } from "../../../../agent/config/profiles/index.ts";
import { beyondTopic } from "../../../../agent/config/rules/topic.ts";
import { deviceTopic, stateTopic } from "../../../../agent/uplink/sparkplug/topic.ts";
import { edited, findingsOf, onlyFinding, refusals, snapshotOf } from "../gateway-file.ts";

/** A file for a broker of that kind, with nothing wrong in it. */
function on(profile: ProfileName, edits: Readonly<Record<string, unknown>> = {}): string {
  const username = PROFILES[profile].usernameNeeded ? "gateway-1" : undefined;
  return edited({ "uplink.broker.profile": profile, "uplink.broker.username": username, ...edits });
}

const NAMES = Object.keys(PROFILES) as ProfileName[];
const registers = (count: number, keys: object = {}): object[] =>
  Array.from({ length: count }, (_, i) => ({ name: `p${i}`, table: "holding-register", address: i, ...keys }));

test.each(NAMES)("a small plant fits %s as it is, and its packets are no longer than the broker takes", (name) => {
  const [broker] = snapshotOf(on(name)).uplink.brokers;
  const { limits } = PROFILES[name];
  expect(broker.packetBytesMax).toBeLessThanOrEqual(limits.packetBytesMax);
  expect(broker.packetBytesMax).toBeLessThanOrEqual(limits.payloadBytesMax ?? limits.packetBytesMax);
  expect(broker.retains).toBe(limits.retains);
  expect(broker.publishesPerSecondMax).toBe(limits.publishesPerSecondMax);
  expect(broker.bytesPerSecondMax).toBe(limits.bytesPerSecondMax);
});

test("an unnamed broker is held against the standard alone", () => {
  const [broker] = snapshotOf(edited({})).uplink.brokers;
  expect(broker).toMatchObject({ packetBytesMax: 262_144, retains: true });
  expect(broker).not.toHaveProperty("publishesPerSecondMax");
  expect(refusals(edited({ "uplink.broker.packetBytesMax": 1_048_576, "uplink.broker.keepaliveS": 1_200 }))).toEqual(
    [],
  );
});

test.each([
  ["aws-iot-core", 131_072],
  ["azure-event-grid", 524_288],
] as const)("%s takes packets of %i bytes and not one more", (name, taken) => {
  expect(refusals(on(name, { "uplink.broker.packetBytesMax": taken }))).toEqual([]);
  expect(onlyFinding(on(name, { "uplink.broker.packetBytesMax": taken + 1 }))).toMatchObject({
    code: "CONFIG_BROKER_LIMIT",
    path: "uplink.broker.packetBytesMax",
    hint: expect.stringContaining(`packetBytesMax: ${taken}`),
  });
});

test.each([
  ["aws-iot-core", 30, 29],
  ["azure-event-grid", 1_160, 1_161],
] as const)("%s takes a keep-alive of %i s and not of %i s", (name, taken, refused) => {
  const keepalive = (keepaliveS: number) => ({ "uplink.broker.keepaliveS": keepaliveS });
  expect(refusals(on(name, keepalive(taken)))).toEqual([]);
  expect(onlyFinding(on(name, keepalive(refused)))).toMatchObject({
    code: "CONFIG_BROKER_LIMIT",
    path: "uplink.broker.keepaliveS",
    hint: `write \`keepaliveS: ${taken}\``,
  });
});

test("Azure Event Grid wants a user name; the finding stands at the broker that has none", () => {
  expect(onlyFinding(on("azure-event-grid", { "uplink.broker.username": undefined }))).toMatchObject({
    code: "CONFIG_KEY_MISSING",
    path: "uplink.broker",
    line: 4,
    hint: expect.stringContaining("username"),
  });
});

test.each([
  ["aws-iot-core", "mqtts://a.example.org:8883", []],
  ["aws-iot-core", "mqtts://a.example.org:443", []],
  ["aws-iot-core", "mqtts://a.example.org:1884", ["CONFIG_BROKER_LIMIT uplink.broker.url"]],
  ["aws-iot-core", "wss://a.example.org/mqtt", ["CONFIG_BROKER_LIMIT uplink.broker.url"]],
  ["azure-event-grid", "mqtts://a.example.org:443", ["CONFIG_BROKER_LIMIT uplink.broker.url"]],
  ["azure-event-grid", "wss://a.example.org/mqtt", []],
  ["mosquitto", "mqtts://a.example.org:12345", []],
] as const)("%s at %s", (name, url, found) => {
  expect(refusals(on(name, { "uplink.broker.url": url }))).toEqual(found);
});

test("on port 443 AWS IoT Core is asked for by its application protocol, elsewhere and over WebSocket nobody is", () => {
  const alpn = (name: ProfileName, url: string) =>
    snapshotOf(on(name, { "uplink.broker.url": url })).uplink.brokers[0].alpn;
  expect(alpn("aws-iot-core", "mqtts://a.example.org:443")).toBe("x-amzn-mqtt-ca");
  expect(alpn("aws-iot-core", "mqtts://a.example.org")).toBeUndefined();
  expect(alpn("azure-event-grid", "wss://a.example.org")).toBeUndefined();
});

test("attempts are not planned more often than the broker accepts them", () => {
  expect(refusals(on("aws-iot-core", { "uplink.broker.retryMsMin": 1_000 }))).toEqual([]);
  expect(refusals(on("aws-iot-core", { "uplink.broker.retryMsMin": 999 }))).toEqual([
    "CONFIG_BROKER_LIMIT uplink.broker.retryMsMin",
  ]);
  expect(refusals(on("emqx", { "uplink.broker.retryMsMin": 100 }))).toEqual([]);
});

test("a primary host cannot be waited for at a broker that keeps no retained message", () => {
  const sparkplug = { "uplink.sparkplug": { primaryHost: "scada" } };
  expect(refusals(on("aws-iot-core", sparkplug))).toEqual([]);
  expect(refusals(on("azure-event-grid", sparkplug))).toEqual(["CONFIG_BROKER_LIMIT uplink.sparkplug.primaryHost"]);
});

test("a topic of 256 bytes is taken by AWS IoT Core, one of 257 is not, and Mosquitto minds neither", () => {
  const site = "s".repeat(64);
  const device = "d".repeat(64);
  // <prefix>/<64>/<64>/version
  const prefix = (chars: number): string => `${"a".repeat(60)}/${"b".repeat(chars - 61)}`;
  const names = { site, device, "uplink.broker.clientId": "short" };
  const file = (name: ProfileName, chars: number) => on(name, { ...names, "uplink.managementPrefix": prefix(chars) });
  const fits = 256 - 2 * 65 - "/version".length;
  expect(refusals(file("aws-iot-core", fits))).toEqual([]);
  expect(onlyFinding(file("aws-iot-core", fits + 1))).toMatchObject({
    code: "CONFIG_TOPIC_SIZE",
    path: "uplink.managementPrefix",
    message: expect.stringContaining("257 bytes"),
  });
  expect(refusals(file("mosquitto", fits + 1))).toEqual([]);
});

test.each(NAMES)("no name is long enough for a Sparkplug topic that %s does not take", (name) => {
  const longest = "n".repeat(64);
  expect(deviceTopic({ group: longest, edgeNode: longest }, "DBIRTH", longest)).toHaveLength(209);
  expect(
    beyondTopic(deviceTopic({ group: longest, edgeNode: longest }, "DBIRTH", longest), PROFILES[name].limits),
  ).toBe(undefined);
  expect(beyondTopic(stateTopic(longest), PROFILES[name].limits)).toBe(undefined);
});

test("depth is counted in levels", () => {
  const { limits } = PROFILES["aws-iot-core"];
  expect(beyondTopic("1/2/3/4/5/6/7/8", limits)).toBeUndefined();
  expect(beyondTopic("1/2/3/4/5/6/7/8/9", limits)).toContain("9 levels");
  expect(beyondTopic("1/2/3/4/5/6/7/8/9", PROFILES.hivemq.limits)).toBeUndefined();
});

test("a birth fits the packets of whichever broker is the smallest", () => {
  // 88 bytes a metric beside its name of 5: some 180 000 bytes
  const points = registers(2_000, { pollMs: 60_000, deadband: 1 });
  const devices = { "buses.1.devices.0.points": points };
  expect(refusals(on("mosquitto", devices))).toEqual([]);
  expect(refusals(on("aws-iot-core", devices))).toEqual(["CONFIG_BIRTH_SIZE buses[1].devices[0].points"]);
  const fallbacks = [{ url: "mqtts://b.example.org", profile: "aws-iot-core" }];
  expect(refusals(on("mosquitto", { ...devices, "uplink.fallbacks": fallbacks }))).toEqual([
    "CONFIG_BIRTH_SIZE buses[1].devices[0].points",
  ]);
});

test("a fallback is judged by its own kind, and by what it inherits", () => {
  const fallbacks = [{ url: "mqtts://b.example.org", profile: "aws-iot-core" }];
  const edits = { "uplink.broker.keepaliveS": 15, "uplink.fallbacks": fallbacks };
  expect(refusals(on("mosquitto", edits))).toEqual(["CONFIG_BROKER_LIMIT uplink.fallbacks[0]"]);
  expect(refusals(on("mosquitto", { ...edits, "uplink.fallbacks": [{ url: "mqtts://b.example.org" }] }))).toEqual([]);
});

test("reporting unchanged values faster than the broker takes bytes is refused; on change only it is not", () => {
  const devices = (heartbeatMs: number) =>
    Array.from({ length: 9 }, (_, i) => ({
      name: `d${i}`,
      unit: i,
      pollMs: 20,
      points: registers(125, { heartbeatMs }),
    }));
  // 9 x 125 values, 50 times a second, of 13 bytes, and the two pumps beside them
  const plant = (heartbeatMs: number) => ({ "buses.1.devices": devices(heartbeatMs) });
  expect(onlyFinding(on("aws-iot-core", plant(20)))).toMatchObject({
    code: "CONFIG_BROKER_RATE",
    message: expect.stringMatching(/731251 bytes a second, AWS IoT Core takes 524288/u),
    hint: expect.stringContaining("multiply heartbeatMs by 3"),
  });
  expect(refusals(on("aws-iot-core", plant(0)))).toEqual([]);
  expect(refusals(on("aws-iot-core", plant(60)))).toEqual([]);
  expect(refusals(on("azure-event-grid", plant(20)))).toEqual([]);
});

test("a password without a user name is refused, the proxy's too", () => {
  expect(refusals(on("hivemq", { "uplink.broker.passwordFile": "password" }))).toEqual([
    "CONFIG_KEY_MISSING uplink.broker.passwordFile",
  ]);
  const proxy = { url: "http://proxy:3128", passwordFile: "password" };
  expect(refusals(on("hivemq", { "uplink.broker.proxy": proxy }))).toEqual([
    "CONFIG_KEY_MISSING uplink.broker.proxy.passwordFile",
  ]);
  const named = { "uplink.broker.passwordFile": "password", "uplink.broker.username": "gateway-1" };
  expect(findingsOf(on("hivemq", named))).toEqual([]);
});

test.each([
  ["/plant//$x/", "plant/x"],
  ["a/b/c/d/e", "a/b/c/d"],
  ["#", "holdfast/v1"],
])("the topic prefix %s is refused with %s instead", (offered, instead) => {
  expect(onlyFinding(edited({ "uplink.managementPrefix": offered }))).toMatchObject({
    code: "CONFIG_TOPIC_NAME",
    hint: `write "${instead}"`,
  });
});

test("a proxy is spoken to without TLS of its own", () => {
  expect(onlyFinding(edited({ "uplink.broker.proxy": { url: "https://proxy:3128" } }))).toMatchObject({
    code: "CONFIG_PROXY_URL",
    hint: expect.stringContaining('write "http://proxy:3128"'),
  });
});

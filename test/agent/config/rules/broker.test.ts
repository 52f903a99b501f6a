import { expect, test } from "vitest";
import { edited, onlyFinding, refusals, snapshotOf } from "../gateway-file.ts";

test.each([
  ["mqtts://broker", "broker", 8_883],
  ["mqtts://broker:1234/", "broker", 1_234],
  ["mqtts://192.0.2.1:8883", "192.0.2.1", 8_883],
  ["mqtts://[2001:db8::1]:8884", "2001:db8::1", 8_884],
])("%s leads to %s port %i", (url, host, port) => {
  expect(snapshotOf(edited({ "uplink.broker.url": url })).uplink.brokers[0]).toMatchObject({
    host,
    port,
    serverName: host,
  });
});

test.each([
  ["mqtts://", /write mqtts:\/\/host:port/],
  ["mqtts://a:0", /port from 1 to 65535/],
  ["mqtts://a:70000", /port from 1 to 65535/],
  ["mqtts://a/path", /nothing behind it/],
  ["mqtts://user:secret@a", /delete what stands before the @/],
  ["wss://a/mqtt?token=1", /delete the \? and what follows/],
  ["mqtts://10.0.0.300", /such as 192\.0\.2\.10/],
  ["mqtts://2001:db8::1", /write "mqtts:\/\/\[2001:db8::1\]:8883"/],
  ["MQTTS://broker", /write "mqtts:\/\/broker"/],
  ["ssl://broker:8883", /write "mqtts:\/\/broker:8883"/],
  ["ws://broker/mqtt", /write "wss:\/\/broker\/mqtt": plain WebSocket/],
  ["WSS://broker", /write "wss:\/\/broker"/],
  ["tcp://broker", /plain MQTT does not exist here/],
  ["broker:8883", /write "mqtts:\/\/broker:8883"/],
])("the broker address %s is refused with a hint", (url, hint) => {
  expect(onlyFinding(edited({ "uplink.broker.url": url }))).toMatchObject({
    code: "CONFIG_BROKER_URL",
    hint: expect.stringMatching(hint),
  });
});

test("the first pause between attempts is not longer than the longest", () => {
  const text = edited({ "uplink.broker.retryMsMin": 30_000, "uplink.broker.retryMsMax": 10_000 });
  expect(onlyFinding(text)).toMatchObject({
    code: "CONFIG_RANGE_ORDER",
    hint: expect.stringMatching(/`retryMsMax: 30000`/u),
  });
  expect(refusals(edited({ "uplink.broker.retryMsMin": 60_000 }))).toEqual([]);
});

test("a tilde in a file name is refused, since only a shell replaces it", () => {
  expect(refusals(edited({ "uplink.broker.key": "~/gateway.key" }))).toEqual(["CONFIG_FILE_PATH uplink.broker.key"]);
});

test("long names need a client identifier of their own", () => {
  const names = { site: "s".repeat(40), device: "d".repeat(40) };
  expect(onlyFinding(edited(names))).toMatchObject({ code: "CONFIG_LENGTH", hint: expect.stringMatching(/clientId/u) });
  expect(refusals(edited({ ...names, "uplink.broker.clientId": "short" }))).toEqual([]);
});

test("no Sparkplug group is called STATE", () => {
  expect(refusals(edited({ site: "STATE" }))).toEqual(["CONFIG_TOPIC_NAME site"]);
  expect(refusals(edited({ site: "STATE", "uplink.sparkplug": { group: "plant" } }))).toEqual([]);
  expect(refusals(edited({ "uplink.sparkplug": { group: "STATE" } }))).toEqual([
    "CONFIG_TOPIC_NAME uplink.sparkplug.group",
  ]);
});

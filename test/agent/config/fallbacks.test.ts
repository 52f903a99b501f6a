import { expect, test } from "vitest";
import { GatewayFile } from "../../../agent/config/schema.ts";
import { shapeOf } from "../../../agent/config/schema/shape.ts";
import { edited, onlyFinding, refusals, snapshotOf } from "./gateway-file.ts";

const PROXY = { url: "http://proxy.example.org:8080", username: "gw" };
const FIRST = {
  "uplink.broker.url": "wss://broker.example.org/ingress",
  "uplink.broker.serverName": "edge.example.org",
  "uplink.broker.username": "plant-7",
  "uplink.broker.keepaliveS": 45,
  "uplink.broker.proxy": PROXY,
};
const brokers = (...fallbacks: readonly object[]) =>
  snapshotOf(edited({ ...FIRST, "uplink.fallbacks": fallbacks })).uplink.brokers;

test("a fallback is as the first broker but for its address and whom its certificate names", () => {
  const [first, second] = brokers({ url: "mqtts://spare.example.org" });
  expect(first).toMatchObject({ transport: "websocket", port: 443, path: "/ingress", serverName: "edge.example.org" });
  expect(second).toEqual({
    ...first,
    transport: "tcp",
    host: "spare.example.org",
    port: 8_883,
    path: "/",
    serverName: "spare.example.org",
  });
});

test("the reference and the schema promise a fallback no default: it has what the first broker has", () => {
  const { fallbacks } = shapeOf(GatewayFile).properties?.["uplink"]?.properties ?? {};
  const keys = Object.entries(fallbacks?.items?.properties ?? {});
  expect(keys.length).toBeGreaterThan(15);
  for (const [key, shape] of keys) expect([key, shape.default]).toEqual([key, key === "direct" ? false : undefined]);
  expect(shapeOf(GatewayFile).properties?.["uplink"]?.properties?.["broker"]?.properties?.["keepaliveS"]?.default).toBe(
    60,
  );
});

test("what a fallback says itself holds for it alone, in the order of the file", () => {
  const all = brokers({ url: "mqtts://b", keepaliveS: 120 }, { url: "mqtts://c", key: "/other.key" });
  expect(all.map(({ host, keepaliveS }) => [host, keepaliveS])).toEqual([
    ["broker.example.org", 45],
    ["b", 120],
    ["c", 45],
  ]);
  expect(all.map(({ keyPath }) => keyPath === "/other.key")).toEqual([false, false, true]);
});

test("a password goes to another broker only with its own user name", () => {
  const first = { "uplink.broker.username": "plant-7", "uplink.broker.passwordFile": "/etc/password" };
  const fallbacks = [
    { url: "mqtts://b" },
    { url: "mqtts://c", username: "other" },
    { url: "mqtts://d", username: "other", passwordFile: "/etc/other" },
  ];
  const all = snapshotOf(edited({ ...first, "uplink.fallbacks": fallbacks })).uplink.brokers;
  expect(all.map(({ username, passwordPath }) => [username, passwordPath])).toEqual([
    ["plant-7", "/etc/password"],
    ["plant-7", "/etc/password"],
    ["other", undefined],
    ["other", "/etc/other"],
  ]);
});

test("a fallback goes through the same proxy, through one of its own, or through none", () => {
  const own = { url: "http://other.example.org" };
  const all = brokers({ url: "mqtts://b" }, { url: "mqtts://c", proxy: own }, { url: "mqtts://d", direct: true });
  expect(all.map(({ proxy }) => proxy?.host)).toEqual([
    "proxy.example.org",
    "proxy.example.org",
    "other.example.org",
    undefined,
  ]);
  const both = { url: "mqtts://d", direct: true, proxy: own };
  expect(onlyFinding(edited({ ...FIRST, "uplink.fallbacks": [both] }))).toMatchObject({
    code: "CONFIG_KEY_MEANINGLESS",
    path: "uplink.fallbacks[0].proxy",
  });
});

test("limits of which one is inherited are judged together, where the other stands", () => {
  const fallbacks = [{ url: "mqtts://b", keepaliveSMin: 50 }];
  expect(refusals(edited({ ...FIRST, "uplink.fallbacks": fallbacks }))).toEqual([
    "CONFIG_RANGE_ORDER uplink.fallbacks[0].keepaliveSMin",
  ]);
});

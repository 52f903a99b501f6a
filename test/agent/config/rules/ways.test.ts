import { expect, test } from "vitest";
import { edited, onlyFinding, refusals } from "../gateway-file.ts";

const fallbacks = (...list: readonly object[]) => edited({ "uplink.fallbacks": list });

test("a fallback that is the first broker once more is no spare, however its address is spelt", () => {
  expect(onlyFinding(fallbacks({ url: "mqtts://Broker.Example.ORG:8883/" }))).toMatchObject({
    code: "CONFIG_NAME_DUPLICATE",
    path: "uplink.fallbacks[0].url",
    message: expect.stringContaining("is already uplink.broker.url"),
  });
  expect(refusals(fallbacks({ url: "mqtts://b" }, { url: "mqtts://c" }, { url: "mqtts://b" }))).toEqual([
    "CONFIG_NAME_DUPLICATE uplink.fallbacks[2].url",
  ]);
});

test("the same broker without the proxy, over WebSocket or as somebody else is another way", () => {
  const proxy = { url: "http://proxy.example.org" };
  const url = "mqtts://broker.example.org";
  const others = [
    { url, direct: true },
    { url: "wss://broker.example.org" },
    { url, certificate: "spare.pem", key: "spare.key" },
  ];
  expect(refusals(edited({ "uplink.broker.proxy": proxy, "uplink.fallbacks": others }))).toEqual([]);
});

test("an interface that is named twice does not fail over to itself", () => {
  expect(refusals(edited({ interfaces: { uplink: ["eth0", "wwan0", "eth0"] } }))).toEqual([
    "CONFIG_NAME_DUPLICATE interfaces.uplink[2]",
  ]);
  expect(refusals(edited({ interfaces: { field: "eth0", uplink: ["eth0"] } }))).toEqual([]);
});

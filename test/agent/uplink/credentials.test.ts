import { expect, test } from "vitest";
import { credentials } from "../../../agent/uplink/credentials.ts";
import { anyBroker } from "./any-broker.ts";
import { gatewayMaterial, pki } from "./world.ts";

test("every connection shares one secure context until a file is renewed; then the next one uses it", async () => {
  let material = gatewayMaterial;
  const source = credentials(() => Promise.resolve({ ...material }));
  const first = await source(anyBroker, "hybrid");
  expect((await source(anyBroker, "hybrid")).context).toBe(first.context);
  material = pki.gateway("gw-1");
  const renewed = await source(anyBroker, "hybrid");
  expect(renewed.context).not.toBe(first.context);
  expect((await source({ ...anyBroker, host: "other.test" }, "hybrid")).context).toBe(renewed.context);
});

test("brokers that take turns do not make each other's contexts anew", async () => {
  const source = credentials(() => Promise.resolve({ ...gatewayMaterial }));
  const old = { ...anyBroker, tlsVersionMin: "1.2" } as const;
  const contextOf = async (broker: typeof anyBroker, exchange: "hybrid" | "classical") =>
    (await source(broker, exchange)).context;
  const first = [
    await contextOf(anyBroker, "hybrid"),
    await contextOf(anyBroker, "classical"),
    await contextOf(old, "hybrid"),
  ];
  expect(new Set(first).size).toBe(3);
  expect(await contextOf(anyBroker, "hybrid")).toBe(first[0]);
  expect(await contextOf(anyBroker, "classical")).toBe(first[1]);
  expect(await contextOf(old, "hybrid")).toBe(first[2]);
});

test("passwords come along as they stand in their files at each attempt", async () => {
  let password = "first";
  const source = credentials(() => Promise.resolve({ ...gatewayMaterial, password, proxyPassword: "other" }));
  expect(await source(anyBroker, "hybrid")).toMatchObject({ password: "first", proxyPassword: "other" });
  password = "second";
  expect(await source(anyBroker, "hybrid")).toMatchObject({ password: "second" });
});

test("a broker that is hybridOnly is never offered X25519 alone", async () => {
  const source = credentials(() => Promise.resolve({ ...gatewayMaterial }));
  await expect(source({ ...anyBroker, hybridOnly: true }, "classical")).rejects.toThrow(TypeError);
});

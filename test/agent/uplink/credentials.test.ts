import { expect, test } from "vitest";
import type { BrokerSnapshot } from "../../../agent/config/snapshot.ts";
import { credentials } from "../../../agent/uplink/credentials.ts";
import { gatewayMaterial, pki } from "./world.ts";

const broker = {} as BrokerSnapshot;

test("every connection shares one secure context until a file is renewed; then the next one uses it", async () => {
  let material = gatewayMaterial;
  const context = credentials(() => Promise.resolve({ ...material }));
  const first = await context(broker);
  expect(await context(broker)).toBe(first);
  material = pki.gateway("gw-1");
  const renewed = await context(broker);
  expect(renewed).not.toBe(first);
  expect(await context(broker)).toBe(renewed);
});

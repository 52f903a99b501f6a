import { expect, test } from "vitest";
import { isUplinkPart } from "../../../agent/uplink/configuration/part.ts";
import { RIGHT, edited, findingsOf, snapshotOf } from "./gateway-file.ts";

test("a fleet is told to the uplink with its rate written out, and a gateway alone is told of none", () => {
  const { uplink } = snapshotOf(edited({ "uplink.fleet": { gateways: 800 } }));
  expect(uplink.fleet).toEqual({ gateways: 800, connectsPerSecond: 50 });
  expect(isUplinkPart(uplink)).toBe(true);
  expect(snapshotOf(RIGHT).uplink).not.toHaveProperty("fleet");
});

test.each([
  ["no gateways", { connectsPerSecond: 50 }],
  ["none at all", { gateways: 0 }],
  ["a rate that no second keeps", { gateways: 800, connectsPerSecond: 5 }],
  ["a key nobody knows", { gateways: 800, spreadMs: 30_000 }],
])("a fleet with %s is refused", (_, fleet) => {
  expect(findingsOf(edited({ "uplink.fleet": fleet })).map(({ path }) => path)).toEqual([
    expect.stringMatching(/^uplink\.fleet/u),
  ]);
});

test("the uplink takes no fleet without its numbers from anybody", () => {
  const { uplink } = snapshotOf(edited({ "uplink.fleet": { gateways: 800 } }));
  expect(isUplinkPart({ ...uplink, fleet: { gateways: 800 } })).toBe(false);
  expect(isUplinkPart({ ...uplink, fleet: { gateways: 0, connectsPerSecond: 50 } })).toBe(false);
});

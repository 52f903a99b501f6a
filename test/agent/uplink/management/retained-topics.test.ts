import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../../simulator/clock.ts";
import { virtualTime, world } from "../world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const FINDING = { code: "CONFIG_RANGE", line: 3, column: 1, path: "a", message: "m", hint: "h" };

test("version and config are retained and say what runs and why a newer configuration does not", async () => {
  await using w = await world(clock);
  await w.pass(2_000);
  w.keeper.notice({ file: "gateway.yaml", findings: [FINDING] });
  await w.pass(1_500);
  expect(w.host.versions.at(-1)).toMatchObject({
    version: "0.1.0-test",
    runtime: "node 24.0.0 test",
    bootId: "boot-1",
    configDigest: "digest-1",
  });
  expect(w.host.configs.at(-1)).toMatchObject({
    configDigest: "digest-1",
    configReport: { file: "gateway.yaml", findings: [FINDING] },
  });
  expect(w.host.breaches).toEqual([]);
});

test("a topic whose facts stay the same is not said again, and a changing one at most once a second", async () => {
  await using w = await world(clock);
  await w.pass(2_000);
  const versions = w.host.versions.length;
  const before = w.host.configs.length;
  for (let i = 0; i < 40; i++) {
    w.keeper.notice({ file: `gateway-${i}.yaml`, findings: [FINDING] });
    await w.pass(100);
  }
  const said = w.host.configs.length - before;
  expect(said).toBeGreaterThan(2);
  expect(said).toBeLessThanOrEqual(5);
  await w.pass(1_500);
  expect(w.host.configs.at(-1)?.configReport?.file).toBe("gateway-39.yaml");
  expect(w.host.versions).toHaveLength(versions);
});

test("a configuration report too long for a packet is cut short rather than not said", async () => {
  await using w = await world(clock, { broker: { packetBytesMax: 4_096 } });
  await w.pass(1_000);
  const finding = { ...FINDING, message: "m".repeat(900) };
  w.keeper.notice({ file: "gateway.yaml", findings: Array.from({ length: 100 }, () => finding) });
  await w.pass(1_500);
  expect(w.host.configs.at(-1)?.configReport?.findings).toHaveLength(4);
});

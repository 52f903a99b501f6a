import { afterAll, beforeAll, expect, test } from "vitest";
import { DataType } from "../../../agent/uplink/sparkplug/datatype.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { virtualTime, world } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

test("the status topic is retained, says what changed, and at most once a second", async () => {
  await using w = await world(clock);
  await w.pass(2_000);
  const finding = { code: "CONFIG_RANGE", line: 3, column: 1, path: "a", message: "m", hint: "h" };
  w.keeper.notice({ file: "gateway.yaml", findings: [finding] });
  await w.pass(1_500);
  expect(w.host.statuses.at(-1)).toMatchObject({
    version: "0.1.0-test",
    bootId: "boot-1",
    configDigest: "digest-1",
    configReport: { file: "gateway.yaml", findings: [finding] },
  });
  const before = w.host.statuses.length;
  for (let i = 0; i < 40; i++) {
    await w.command("spBv1.0/harbour/NCMD/gw-1", [{ name: "x", type: DataType.Int8, value: 1 }]);
    await w.pass(90);
  }
  const times = w.host.statuses.slice(before).map(({ timeMs }) => timeMs);
  expect(times.length).toBeLessThanOrEqual(5);
  expect(w.host.statuses.length).toBeGreaterThan(before + 2);
  await w.pass(2_000);
  expect(w.host.statuses.at(-1)?.writesRefused).toBe(40);
});

test("a configuration report too long for a packet is cut short rather than not said", async () => {
  await using w = await world(clock, { broker: { packetBytesMax: 4_096 } });
  await w.pass(1_000);
  const finding = { code: "CONFIG_RANGE", line: 3, column: 1, path: "a", message: "m".repeat(900), hint: "h" };
  w.keeper.notice({ file: "gateway.yaml", findings: Array.from({ length: 100 }, () => finding) });
  await w.pass(1_500);
  expect(w.host.statuses.at(-1)?.configReport?.findings).toHaveLength(3);
});

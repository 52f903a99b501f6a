import { expect, test } from "vitest";
import type { ModbusDevice } from "../../../../simulator/modbus/index.ts";
import { device, tcpBus } from "../snapshots.ts";
import { inventoryWorld } from "./world.ts";

test("on a socket, a device that answers under another unit id is told; damage and late answers are not", async () => {
  await using world = inventoryWorld();
  const [one] = world.devices([1], 5) as [ModbusDevice];
  await world.socket("panel.test", [one]);
  const socket = world.watched(tcpBus("panel", "panel.test", [device("meter", 1)]));
  for (const kind of [
    "wrong-transaction",
    "wrong-protocol",
    "duplicated-reply",
    "two-replies",
    "split-bytes",
  ] as const) {
    one.inject({ kind, count: 5 });
  }
  one.inject({ kind: "late-reply", ms: 400, count: 5 });
  await world.clock.advance(60_000);
  // a serial server that gives late answers under the number of the next question, now and then
  for (let i = 0; i < 10; i++) {
    one.inject({ kind: "wrong-unit", unit: 9, count: 1 });
    await world.clock.advance(5_000);
  }
  expect(world.alarms).toEqual([]);
  one.inject({ kind: "wrong-unit", unit: 9 });
  await world.clock.advance(30_000);
  expect(Object.entries(world.standing())).toEqual([
    ["wrong-device panel/unit-1", expect.stringContaining("meter (unit 1) was asked and unit 9 answered in its place")],
  ]);
  expect(world.seen(socket).units[0]?.replyTime?.p50Ms).toBeGreaterThan(4);
});

import { expect, test } from "vitest";
import { silentLog } from "../../../../agent/contract/log.ts";
import { usedUp } from "../../../../agent/uplink/traffic/used-up.ts";
import { Meter, STORE_MS, STORE_MS_MIN } from "../../../../agent/uplink/traffic/meter.ts";
import { openTrafficStore } from "../../../../agent/uplink/traffic/store.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryDisk } from "../../../../simulator/disk.ts";
import { openCell } from "../../../../hal/storage/cell.ts";

const RECORD_BYTES = 22;

function stand() {
  const clock = virtualClock();
  const disk = memoryDisk();
  const wire = { sent: 0, received: 0 };
  const open = () => new Meter({ clock, log: silentLog, store: openTrafficStore(disk), crossed: () => ({ ...wire }) });
  return { clock, disk, wire, open };
}

test("packets and their records are charged to their class, everything else is overhead", () => {
  const { wire, open } = stand();
  const meter = open();
  wire.sent = 3_000;
  wire.received = 2_000;
  meter.sample();
  meter.published("live", 300);
  meter.published("management", 100);
  wire.sent += 400 + 2 * RECORD_BYTES + 24;
  wire.received += 50;
  meter.sample();
  expect(meter.day).toEqual({ live: 333, history: 0, management: 111, overhead: 5_000 + 24 + 50 });
  expect(meter.month).toEqual(meter.day);
});

test("what waits for the socket is charged when it crosses, and counts against the budget before", () => {
  const { wire, open } = stand();
  const meter = open();
  meter.published("history", 1_000);
  wire.sent = 400;
  meter.sample();
  expect(meter.day.history).toBe(400);
  expect(meter.used("history")).toEqual({ day: 1_000, month: 1_000 });
  expect(usedUp(meter, { day: { history: 1_000 }, month: {} })).toEqual(["history"]);
  wire.sent = 1_022;
  meter.sample();
  expect(meter.day).toEqual({ live: 0, history: 1_022, management: 0, overhead: 0 });
});

test("what a connection took with it is not charged to the next", () => {
  const { wire, open } = stand();
  const meter = open();
  meter.published("live", 1_000);
  meter.closed();
  wire.sent = 2_000;
  meter.sample();
  expect(meter.day).toEqual({ live: 0, history: 0, management: 0, overhead: 2_000 });
});

test("a month's allowance that is used up holds on a day with nothing used", () => {
  const meter = { used: () => ({ day: 0, month: 500 }) };
  expect(usedUp(meter, { day: { live: 100 }, month: { live: 500, history: 501 } })).toEqual(["live"]);
  expect(usedUp(meter, { day: {}, month: {} })).toEqual([]);
});

test("counts are stored seldom, sooner where much was used, and taken up again", async () => {
  const { clock, disk, wire, open } = stand();
  const stored = async () => (await openTrafficStore(disk).read())?.day.used.overhead;
  const meter = open();
  await meter.start();
  wire.sent = 100;
  await clock.advance(STORE_MS_MIN);
  meter.sample();
  await meter.store();
  expect(await stored()).toBeUndefined();
  await clock.advance(STORE_MS - STORE_MS_MIN);
  await meter.store();
  expect(await stored()).toBe(100);
  wire.sent += 10_000;
  await clock.advance(STORE_MS_MIN);
  meter.sample();
  await meter.store();
  expect(await stored()).toBe(10_100);
  wire.sent += 1;
  meter.sample();
  await meter.store(true);
  wire.sent = 0;
  const next = open();
  await next.start();
  expect(next.day.overhead).toBe(10_101);
});

test("counts that do not read begin anew, and the uplink starts", async () => {
  const { disk, open } = stand();
  for (const garbage of ["", "{", "[]", '{"day":{"number":1}}', '{"day":null,"month":null}']) {
    await openCell(disk, "traffic").replace(Buffer.from(garbage));
    const meter = open();
    await meter.start();
    expect(meter.day.overhead).toBe(0);
  }
});

import { expect, test } from "vitest";
import { silentLog } from "../../../../agent/contract/log.ts";
import { HYBRID_OFFERED, RETRY_HYBRID_MS } from "../../../../agent/uplink/way/hybrid.ts";
import { WayMemory } from "../../../../agent/uplink/way/memory.ts";
import { waysOf } from "../../../../agent/uplink/way/way.ts";
import type { Way } from "../../../../agent/uplink/way/way.ts";
import { openCell } from "../../../../hal/storage/cell.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryDisk } from "../../../../simulator/disk.ts";
import { anyBroker } from "../any-broker.ts";

const broker = { ...anyBroker, keepaliveS: 60, keepaliveSMin: 15 };
const [way] = waysOf({ brokers: [broker], interfaceNames: [] });
const numbered = (n: number): Way => ({ ...way, key: `mqtts://broker-${n}:8883` });

async function open(clock = virtualClock(), disk = memoryDisk()): Promise<WayMemory> {
  const memory = new WayMemory(clock, silentLog, disk);
  await memory.start();
  return memory;
}

test("what was learnt is there after a restart, the daily retry due when it would have been", async () => {
  const [clock, disk] = [virtualClock(), memoryDisk()];
  const memory = await open(clock, disk);
  await memory.learn(way, { hybrid: { at: "stalled", retryMs: RETRY_HYBRID_MS }, ping: { pingS: 33, patience: 4 } });
  await clock.advance(RETRY_HYBRID_MS / 2);
  const again = (await open(clock, disk)).of(way);
  expect(again.ping).toEqual({ pingS: 33, patience: 4 });
  expect(again.hybrid).toEqual({ at: "stalled", retryMs: RETRY_HYBRID_MS });
});

test("a clock without a date puts the retry off by no more than its day", async () => {
  const [clock, disk] = [virtualClock(), memoryDisk()];
  await (await open(clock, disk)).learn(way, { hybrid: { at: "stalled", retryMs: RETRY_HYBRID_MS } });
  const reborn = virtualClock({ startUnixMs: 0, trust: "untrusted" });
  expect((await open(reborn, disk)).of(way).hybrid).toEqual({ at: "stalled", retryMs: RETRY_HYBRID_MS });
});

test("suspicions and a longer pause that is only being tried are no knowledge", async () => {
  const disk = memoryDisk();
  const memory = await open(virtualClock(), disk);
  const ping = { pingS: 44, provenS: 33, suspectS: 44, patience: 1 };
  await memory.learn(way, { hybrid: { at: "suspected" }, ping });
  expect((await open(virtualClock(), disk)).of(way)).toEqual({
    hybrid: HYBRID_OFFERED,
    ping: { pingS: 33, patience: 1 },
    shunned: [],
  });
});

test("the configuration's bounds hold, whatever was learnt under others", async () => {
  const memory = await open();
  await memory.learn(way, { ping: { pingS: 45, patience: 1 } });
  const narrower = { ...way, broker: { ...broker, keepaliveS: 30 } };
  const wider = { ...way, broker: { ...broker, keepaliveS: 120, keepaliveSMin: 50 } };
  expect(memory.of(narrower).ping.pingS).toBe(30);
  expect(memory.of(wider).ping.pingS).toBe(50);
});

test("no more ways are remembered than any configuration has, the oldest go first", async () => {
  const disk = memoryDisk();
  const memory = await open(virtualClock(), disk);
  for (let n = 0; n < 200; n++) await memory.learn(numbered(n), { ping: { pingS: 20, patience: 1 } });
  const again = await open(virtualClock(), disk);
  expect(again.of(numbered(199)).ping.pingS).toBe(20);
  expect(again.of(numbered(0)).ping.pingS).toBe(60);
});

test("what does not read is learnt again", async () => {
  for (const garbage of ["", "[]", "{", '{"w":{"pingS":-1,"patience":1}}', '{"w":{"pingS":20}}']) {
    const disk = memoryDisk();
    await openCell(disk, "ways").replace(Buffer.from(garbage));
    expect((await open(virtualClock(), disk)).of(way).ping.pingS).toBe(60);
  }
});

test("what is known already is not written again", async () => {
  const disk = memoryDisk();
  let opened = 0;
  const counting = { ...disk, open: (...args: Parameters<typeof disk.open>) => ((opened += 1), disk.open(...args)) };
  const memory = await open(virtualClock(), counting);
  const lesson = { hybrid: HYBRID_OFFERED, ping: { pingS: 33, patience: 1 } };
  await memory.learn(way, lesson);
  const before = opened;
  for (let i = 0; i < 100; i++) await memory.learn(way, { ...lesson, hybrid: { at: "offered", stalls: i % 3 } });
  expect(opened).toBe(before);
});

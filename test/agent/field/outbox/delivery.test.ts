import { describe, expect, test } from "vitest";
import type { ModbusDevice } from "../../../../simulator/modbus/index.ts";
import { fieldWorld } from "../field-world.ts";
import type { PlayedUplink } from "../field-world.ts";
import { bus, device, field, point, registers, rtu } from "../snapshots.ts";

/** Every poll of these registers gives a new value. */
function restless(devices: readonly ModbusDevice[], count: number): void {
  let value = 0;
  for (const one of devices) {
    for (let i = 0; i < count; i++) {
      one.inputRegisters.define(100 + i, { size: 1, read: () => [value++ % 65_536] });
    }
  }
}

const COUNT = 10;
const polled = (pollMs: number) => ({
  pollMs,
  points: Array.from({ length: COUNT }, (_, i) =>
    point(`r${i}`, { table: "input-register", address: 100 + i, pollMs }),
  ),
});

async function restlessField(queueValuesMax = 1_000) {
  const world = fieldWorld();
  const devices = world.devices([1, 2]);
  restless(devices, COUNT);
  world.line(devices, rtu({ baudRate: 115_200 }));
  await world.keeper();
  const snapshot = field(
    [
      bus("line", [device("d1", 1, polled(100)), device("d2", 2, polled(100))], {
        transport: rtu({ baudRate: 115_200 }),
      }),
    ],
    { queueValuesMax },
  );
  await world.configure("one", snapshot);
  return { world, snapshot };
}

const last = (sequences: readonly number[]): number => sequences.at(-1) ?? -1;
const run = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("values", () => {
  test("of one poll cycle become one batch, at most 100 ms later", async () => {
    const { world } = await restlessField();
    await using _world = world;
    const uplink = await world.uplink();
    uplink.credit(1_000_000);
    await world.clock.advance(2_000);
    const batches = uplink.batches();
    expect(batches.length).toBeGreaterThan(35);
    expect(batches.every(({ points }) => points.length === COUNT)).toBe(true);
    const latest = Math.max(...batches.flatMap(({ times }) => times));
    expect(world.clock.wall().unixMs - latest).toBeLessThanOrEqual(200);
  });

  test("keep to the credit and stay until they are acknowledged", async () => {
    const { world } = await restlessField(100_000);
    await using _world = world;
    const uplink = await world.uplink();
    uplink.credit(25);
    await world.clock.advance(3_000);
    expect(uplink.sequences("d1").length + uplink.sequences("d2").length).toBe(25);
    const { queue } = await world.status();
    expect(queue.values).toBe(queue.sampled);
    uplink.acknowledge({ d1: last(uplink.sequences("d1")), d2: last(uplink.sequences("d2")) });
    uplink.credit(50);
    await world.clock.advance(100);
    expect((await world.status()).queue).toMatchObject({ acknowledged: 25 });
    expect(uplink.sequences("d1").length + uplink.sequences("d2").length).toBe(50);
    expect(uplink.sequences("d1")).toEqual(run(0, last(uplink.sequences("d1"))));
  });

  test("an acknowledgement of what was never sent releases nothing", async () => {
    const { world } = await restlessField(100_000);
    await using _world = world;
    const uplink = await world.uplink();
    uplink.credit(10);
    await world.clock.advance(2_000);
    uplink.acknowledge({ d1: 1_000_000, d2: 1_000_000, nobody: 5 }, 1_000);
    await world.clock.advance(100);
    expect((await world.status()).queue.acknowledged).toBe(10);
  });

  test("that were not acknowledged are sent again on the next connection, before anything newer", async () => {
    const { world } = await restlessField(100_000);
    await using _world = world;
    const first = await world.uplink();
    first.credit(1_000);
    await world.clock.advance(3_000);
    first.acknowledge({ d1: 99 });
    await world.clock.advance(100);
    first.close();
    await world.clock.advance(2_000);
    const second = await world.uplink();
    second.credit(1_000_000);
    await world.clock.advance(500);
    expect(second.messages[0]?.kind).toBe("roster");
    expect(second.sequences("d1")).toEqual(run(100, last(second.sequences("d1"))));
    expect(second.sequences("d2")).toEqual(run(0, last(second.sequences("d2"))));
    expect(last(second.sequences("d1"))).toBeGreaterThan(last(first.sequences("d1")));
    expect(second.gaps()).toEqual([]);
  });

  test("that no longer fit are dropped oldest first, and every one of them is declared", async () => {
    const { world } = await restlessField(1_000);
    await using _world = world;
    await world.clock.advance(60_000);
    const { queue } = await world.status();
    expect(queue.values).toBeLessThanOrEqual(1_000);
    expect(queue.values).toBeGreaterThan(900);
    expect(queue.dropped).toBe(queue.sampled - queue.values);
    const uplink = await world.uplink();
    uplink.credit(1_000_000);
    await world.clock.advance(1_000);
    for (const source of ["d1", "d2"]) {
      const [gap, ...more] = uplink.gaps().filter((one) => one.source === source);
      expect(more).toEqual([]);
      expect(gap).toMatchObject({ from: 0, reason: "queue-full" });
      expect(uplink.sequences(source)).toEqual(run((gap?.to ?? 0) + 1, last(uplink.sequences(source))));
    }
  });

  test("whatever connections do, each is delivered or declared lost", async () => {
    const { world } = await restlessField(1_500);
    await using _world = world;
    const delivered = new Map<string, Set<number>>([
      ["d1", new Set()],
      ["d2", new Set()],
    ]);
    const gaps: { source: string; from: number; to: number }[] = [];
    const drain = (uplink: PlayedUplink, acknowledged: boolean): void => {
      if (!acknowledged) return;
      const cursors: Record<string, number> = {};
      for (const source of ["d1", "d2"]) {
        const sequences = uplink.sequences(source);
        for (const sequence of sequences) delivered.get(source)?.add(sequence);
        if (sequences.length > 0) cursors[source] = last(sequences);
      }
      gaps.push(...uplink.gaps());
      uplink.acknowledge(cursors, uplink.gaps().length);
    };
    for (let i = 0; i < 40; i++) {
      const uplink = await world.uplink();
      uplink.credit(Math.floor(world.entropy.fraction() * 2_000));
      await world.clock.advance(world.entropy.fraction() * 6_000);
      drain(uplink, world.entropy.fraction() < 0.5);
      await world.clock.advance(10);
      uplink.close();
      await world.clock.advance(world.entropy.fraction() * 6_000);
    }
    const uplink = await world.uplink();
    uplink.credit(1_000_000);
    await world.clock.advance(500);
    drain(uplink, true);
    for (const source of ["d1", "d2"]) {
      const heard = delivered.get(source) ?? new Set();
      const highest = last(uplink.sequences(source));
      const missing = run(0, highest).filter(
        (sequence) =>
          !heard.has(sequence) &&
          !gaps.some((gap) => gap.source === source && gap.from <= sequence && sequence <= gap.to),
      );
      expect(highest).toBeGreaterThan(1_000);
      expect(missing).toEqual([]);
    }
    expect(gaps.length).toBeGreaterThan(3);
  });

  test("survive a change of configuration under the new numbers; what is gone becomes a gap", async () => {
    const { world, snapshot } = await restlessField(100_000);
    await using _world = world;
    await world.clock.advance(1_050);
    const [line] = snapshot.buses;
    const [d1] = line?.devices ?? [];
    if (line === undefined || d1 === undefined) throw new Error("no bus");
    const fewer = { ...d1, points: d1.points.filter(({ name }) => name !== "r4").toReversed() };
    await world.configure("two", { ...snapshot, buses: [{ ...line, devices: [fewer] }] });
    const uplink = await world.uplink();
    uplink.credit(1_000_000);
    await world.clock.advance(40);
    const gaps = uplink.gaps();
    const d2 = gaps.filter(({ source }) => source === "d2");
    expect(d2).toEqual([{ kind: "gap", source: "d2", from: 0, to: d2[0]?.to, reason: "configuration-changed" }]);
    const lost = gaps.filter(({ source }) => source === "d1").map(({ from, to }) => [from % 10, to - from]);
    expect(lost.length).toBeGreaterThan(5);
    expect(lost.every(([place, more]) => place === 4 && more === 0)).toBe(true);
    const names = uplink.rosters[0]?.sources[0]?.points.map(({ name }) => name) ?? [];
    for (const batch of uplink.batches()) {
      batch.points.forEach((place, i) => expect(names[place]).toBe(`r${(batch.first + i) % 10}`));
    }
  });

  test("a source that comes back in the same boot goes on counting", async () => {
    const { world, snapshot } = await restlessField(100_000);
    await using _world = world;
    await world.clock.advance(1_050);
    const [line] = snapshot.buses;
    if (line === undefined) throw new Error("no bus");
    await world.configure("two", { ...snapshot, buses: [{ ...line, devices: line.devices.slice(0, 1) }] });
    await world.clock.advance(1_000);
    await world.configure("three", snapshot);
    const uplink = await world.uplink();
    uplink.credit(1_000_000);
    await world.clock.advance(1_000);
    const gap = uplink.gaps().find(({ source }) => source === "d2");
    expect(uplink.sequences("d2")[0]).toBe((gap?.to ?? 0) + 1);
  });

  test("an uplink that sends what it may not is cut off, and polling goes on", async () => {
    const { world } = await restlessField();
    await using _world = world;
    const uplink = await world.uplink();
    uplink.garbage(Buffer.from("00000004ffffffff", "hex"));
    await world.clock.advance(100);
    await uplink.closed;
    await world.clock.advance(1_000);
    const again = await world.uplink();
    again.credit(100);
    await world.clock.advance(100);
    expect(again.batches().length).toBeGreaterThan(1);
  });

  test("a device that dies or comes back is told at once", async () => {
    await using world = fieldWorld();
    const [one] = world.devices([1]);
    if (one === undefined) throw new Error("no device");
    world.line([one]);
    await world.keeper();
    await world.configure("one", field([bus("line", [device("d1", 1, registers(2))])]));
    const uplink = await world.uplink();
    uplink.credit(1_000);
    await world.clock.advance(2_500);
    one.inject({ kind: "silence" });
    await world.clock.advance(5_000);
    one.clear();
    await world.clock.advance(60_000);
    const told = uplink.messages.filter(
      ({ kind }) => kind !== "alarm-receivers" && kind !== "roster" && kind !== "field-health",
    );
    expect(told.map((message) => (message.kind === "source-state" ? message.online : message.kind))).toEqual([
      true,
      "batch",
      "batch",
      false,
      true,
      "batch",
    ]);
  });
});

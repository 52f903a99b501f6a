import { describe, expect, test } from "vitest";
import { fieldWorld } from "../field-world.ts";
import { bus, device, field, point } from "../snapshots.ts";

const outputs = device("pump", 1, {
  points: [
    point("speed", { address: 0, scale: 0.5, output: { write: "single", low: 0, high: 100 } }),
    point("setpoint", { address: 2, type: "float32", count: 2, wordOrder: "little", output: { write: "multiple" } }),
    point("run", { table: "coil", address: 1, output: { write: "single" } }),
    point("valve", { table: "coil", address: 2, output: { write: "multiple" } }),
    point("enable", { address: 5, type: "bool", bit: 3, output: { write: "mask" } }),
    point("level", { address: 9 }),
  ],
});

async function pumped() {
  const world = fieldWorld();
  const [pump] = world.devices([1]);
  if (pump === undefined) throw new Error("no pump");
  world.line([pump]);
  await world.keeper();
  await world.configure("one", field([bus("line", [outputs])]));
  await world.clock.advance(1_500);
  return { world, pump };
}

describe("an output", () => {
  test("is written, read back and reported", async () => {
    const { world, pump } = await pumped();
    await using _world = world;
    expect(await world.write("pump", "speed", 42.5)).toMatchObject({ kind: "written", readBack: 42.5 });
    expect(pump.holdingRegisters.read(0, 1)).toEqual([85]);
    expect(await world.write("pump", "setpoint", 1.5)).toMatchObject({ readBack: 1.5 });
    expect(pump.holdingRegisters.read(2, 2)).toEqual([0, 0x3fc0]);
    expect(await world.write("pump", "run", true)).toMatchObject({ readBack: true });
    expect(await world.write("pump", "valve", false)).toMatchObject({ readBack: false });
    expect(pump.coils.read(1, 2)).toEqual([1, 0]);
    const [before = 0] = pump.holdingRegisters.read(5, 1);
    expect(await world.write("pump", "enable", true)).toMatchObject({ readBack: true });
    expect(pump.holdingRegisters.read(5, 1)).toEqual([before | 8]);
    const { buses } = await world.status(true);
    expect(buses[0]?.devices[0]?.points[0]).toMatchObject({
      name: "speed",
      output: true,
      value: 42.5,
      quality: "good",
    });
    expect(buses[0]?.counters.writes).toBe(5);
  });

  test.each([
    ["nobody", "speed", 1, "WRITE_UNKNOWN_POINT"],
    ["pump", "nothing", 1, "WRITE_UNKNOWN_POINT"],
    ["pump", "level", 1, "WRITE_NOT_AN_OUTPUT"],
    ["pump", "speed", 100.5, "WRITE_OUT_OF_RANGE"],
    ["pump", "speed", true, "WRITE_WRONG_TYPE"],
    ["pump", "run", 1, "WRITE_WRONG_TYPE"],
  ] as const)("%s/%s is not written with %s", async (source, name, value, code) => {
    const { world } = await pumped();
    await using _world = world;
    const before = world.serial.trace("/dev/ttyS0").length;
    expect(await world.write(source, name, value)).toMatchObject({ code });
    expect(world.serial.trace("/dev/ttyS0").length).toBe(before);
  });

  test("whose device is silent, refuses or is away says so, and is tried once only", async () => {
    const { world, pump } = await pumped();
    await using _world = world;
    pump.inject({ kind: "silence", count: 1 });
    const requests = pump.counters.requests;
    expect(await world.write("pump", "run", true)).toMatchObject({ code: "WRITE_NO_REPLY" });
    expect(pump.counters.requests - requests).toBe(1);
    await world.clock.advance(3_000);
    pump.inject({ kind: "exception", code: 4, count: 1 });
    expect(await world.write("pump", "run", true)).toMatchObject({ code: "WRITE_EXCEPTION" });
    world.serial.vanish("/dev/ttyS0");
    await world.clock.advance(1_000);
    expect(await world.write("pump", "run", true)).toMatchObject({ code: "WRITE_BUS_DOWN" });
  });

  test("that reads back differently is reported with what the device says", async () => {
    const { world, pump } = await pumped();
    await using _world = world;
    // acts as if it had been told something else
    pump.coils.write(1, [0]);
    const write = pump.coils.write.bind(pump.coils);
    pump.coils.write = () => write(1, [0]);
    expect(await world.write("pump", "run", true)).toMatchObject({ code: "WRITE_READ_BACK_DIFFERS", readBack: false });
  });
});

import { expect, test } from "vitest";
import { virtualClock } from "../../../simulator/clock.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import type { Layout, Value } from "../../../simulator/modbus/index.ts";
import { decodeValue, encodeValue, registersOf } from "../../../simulator/modbus/index.ts";
import { pumpingStation, speedOf, wellLevelM } from "../../../simulator/plant/index.ts";
import type { PumpingStation, StationDevice } from "../../../simulator/plant/index.ts";

function world() {
  const clock = virtualClock();
  return { clock, station: pumpingStation({ clock, entropy: seededEntropy(1) }) };
}

function input(station: PumpingStation, device: StationDevice, address: number, layout: Layout): Value {
  return decodeValue(layout, station.devices[device].inputRegisters.read(address, registersOf(layout)));
}

test("every instrument shows the truth in its own words", async () => {
  const { clock, station } = world();
  await clock.advance(45_000); // the well has filled and the first pump runs
  const state = station.state();
  expect(state.flow).toBeGreaterThan(0.04);
  expect(input(station, "level-transmitter", 0, { type: "float32" })).toBeCloseTo(wellLevelM(state), 6);
  expect(input(station, "flow-meter", 0, { type: "float32", wordOrder: "little" })).toBeCloseTo(state.flow * 3600, 3);
  expect(input(station, "flow-meter", 4, { type: "float64" })).toBe(state.pumpedM3);
  expect(input(station, "pump-1", 1, { type: "uint16" })).toBeCloseTo(speedOf(state.pumps[0]) * 5000, -1);
  expect(input(station, "energy-meter", 4, { type: "int32" })).toBe(Math.round(state.pumps[0].electricW + 350));
  expect(input(station, "energy-meter", 0, { type: "uint64" })).toBeGreaterThan(5_234_567_890n);
  expect(decodeValue({ type: "string", length: 8 }, station.devices["station-plc"].holdingRegisters.read(100, 8))).toBe(
    "Harbour station",
  );
});

test("what a master writes moves the plant", async () => {
  const { clock, station } = world();
  const { "station-plc": plc, "pump-2": pump, "discharge-valve": valve } = station.devices;
  plc.answer(Uint8Array.of(5, 0, 0, 0, 0)); // manual mode
  valve.answer(Uint8Array.of(6, 0, 0, 0x03, 0xe8)); // fully open
  pump.answer(Uint8Array.of(22, 0, 0, 0xff, 0xfe, 0, 1)); // set bit 0 of the control word
  pump.answer(Uint8Array.of(6, 0, 1, 0x11, 0x94)); // 45 Hz
  for (let s = 0; s < 30; s += 5) {
    await clock.advance(5_000);
    pump.answer(Uint8Array.of(1, 0, 0, 0, 1));
  }
  expect(station.state().pumps.map(({ running }) => running)).toEqual([false, true]);
  expect(speedOf(station.state().pumps[1])).toBeCloseTo(0.9, 3);
  expect(station.state().flow).toBeGreaterThan(0.02);
  pump.answer(Uint8Array.of(5, 0, 0, 0, 0));
  await clock.advance(60_000);
  expect(station.state().flow).toBe(0);
});

test("a drive that nobody asks anything for longer than its own timer stops, also where nobody looks", async () => {
  const { clock, station } = world();
  const { "station-plc": plc, "pump-1": pump } = station.devices;
  plc.answer(Uint8Array.of(5, 0, 0, 0, 0));
  pump.answer(Uint8Array.of(5, 0, 0, 0xff, 0));
  await clock.advance(9_000);
  expect([...pump.answer(Uint8Array.of(1, 0, 0, 0, 1))]).toEqual([1, 1, 1]);
  await clock.advance(11_000);
  expect([...pump.answer(Uint8Array.of(1, 0, 0, 0, 1))]).toEqual([1, 1, 0]);
  expect([...pump.answer(Uint8Array.of(3, 0, 2, 0, 1))]).toEqual([3, 2, 0, 10]);
});

test("a level outside its range is refused and the old one stays", () => {
  const { station } = world();
  const words = encodeValue({ type: "float32" }, 9).flatMap((word) => [word >> 8, word & 0xff]);
  const reply = station.devices["station-plc"].answer(Uint8Array.of(16, 0, 0, 0, 2, 4, ...words));
  expect([...reply]).toEqual([0x90, 3]);
  expect(station.commands().levels.startM).toBe(1.6);
});

test("the plant is the same however often somebody looks", async () => {
  const watched = world();
  const alone = world();
  for (let i = 0; i < 60; i++) {
    await watched.clock.advance(1_000);
    watched.station.state();
  }
  await alone.clock.advance(60_000);
  expect(watched.station.state()).toEqual(alone.station.state());
});

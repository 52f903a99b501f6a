import { expect, test } from "vitest";
import { operatingPoint } from "../../../simulator/plant/hydraulics.ts";
import { RATED_HZ, speedOf } from "../../../simulator/plant/pump.ts";
import type { Commands, Station } from "../../../simulator/plant/station.ts";
import { stationAtRest, step, VALVE_TRAVEL_S, WELL_AREA_M2, wellLevelM } from "../../../simulator/plant/station.ts";

const AUTOMATIC: Commands = {
  auto: true,
  run: [false, false],
  reset: [false, false],
  targetHz: [50, 50],
  opening: 0,
  levels: { startM: 1.6, stopM: 0.6, standbyM: 2.1 },
};
const MANUAL: Commands = { ...AUTOMATIC, auto: false };
const STEP_S = 0.2;
const DAY_S = 86_400;

function after(seconds: number, station: Station, commands: Commands): Station {
  let now = station;
  for (let i = 0; i < seconds / STEP_S; i++) now = step(now, commands, STEP_S);
  return now;
}

test("over a day not a litre appears or vanishes", () => {
  const start = stationAtRest(0, 7);
  const end = after(DAY_S, start, AUTOMATIC);
  expect(end.wellM3 - start.wellM3).toBeCloseTo(end.inflowM3 - end.pumpedM3 - end.wellOverflowM3, 6);
  expect(end.tankM3 - start.tankM3).toBeCloseTo(end.pumpedM3 - end.demandM3 - end.tankOverflowM3, 6);
  expect(end.pumpedM3).toBeGreaterThan(1_000);
});

test("over a day every joule drawn is lift, friction, loss, heat or still turning", () => {
  const end = after(DAY_S, stationAtRest(0, 7), AUTOMATIC);
  let hydraulicJ = 0;
  for (const pump of end.pumps) {
    const used = pump.hydraulicJ + pump.pumpLossJ + pump.motorLossJ + pump.kineticJ;
    expect(Math.abs(pump.electricJ - used)).toBeLessThan(1e-9 * pump.electricJ);
    hydraulicJ += pump.hydraulicJ;
  }
  expect(Math.abs(hydraulicJ - end.liftJ - end.frictionJ)).toBeLessThan(1e-6 * hydraulicJ);
  const efficiency = hydraulicJ / end.pumps.reduce((sum, { electricJ }) => sum + electricJ, 0);
  expect(efficiency).toBeGreaterThan(0.5);
  expect(efficiency).toBeLessThan(0.75);
});

test("on its own the station keeps the well between its levels and shares the work", () => {
  let station = stationAtRest(0, 3);
  let highest = 0;
  let lowest = 3;
  for (let minute = 0; minute < 24 * 60; minute++) {
    station = after(60, station, AUTOMATIC);
    highest = Math.max(highest, wellLevelM(station));
    lowest = Math.min(lowest, wellLevelM(station));
  }
  expect(lowest).toBeGreaterThan(0.4);
  expect(highest).toBeLessThan(2.6);
  const [one, two] = station.pumps;
  expect(Math.abs(one.starts - two.starts)).toBeLessThan(2);
  expect(one.starts).toBeGreaterThan(20);
  expect(Math.max(one.motorC, two.motorC)).toBeLessThan(90);
});

test("both pumps come on when one is not enough", () => {
  const flooded: Station = { ...stationAtRest(0, 3), wellM3: 2.3 * WELL_AREA_M2 };
  const station = after(30, flooded, AUTOMATIC);
  expect(station.pumps.every(({ running }) => running)).toBe(true);
});

test("a pump takes time to start and coasts to a stop", () => {
  const open = after(VALVE_TRAVEL_S + 1, stationAtRest(0, 1), { ...MANUAL, opening: 1 });
  const run: Commands = { ...MANUAL, opening: 1, run: [true, false] };
  const starting = after(2, open, run);
  expect(speedOf(starting.pumps[0]) * RATED_HZ).toBeGreaterThan(10);
  expect(speedOf(starting.pumps[0]) * RATED_HZ).toBeLessThan(30);
  const running = after(20, open, run);
  expect(speedOf(running.pumps[0]) * RATED_HZ).toBeCloseTo(50, 3);
  const stopping = after(1, running, MANUAL);
  expect(speedOf(stopping.pumps[0]) * RATED_HZ).toBeGreaterThan(25);
  expect(stopping.pumps[0].electricW).toBe(0);
  expect(speedOf(after(60, running, MANUAL).pumps[0])).toBe(0);
});

test("a slower pump moves less water for much less power", () => {
  const run: Commands = { ...MANUAL, opening: 1, run: [true, false] };
  const open = after(VALVE_TRAVEL_S + 1, stationAtRest(0, 1), { ...MANUAL, opening: 1 });
  const full = after(30, open, run);
  const slow = after(30, open, { ...run, targetHz: [42, 50] });
  expect(slow.flow).toBeGreaterThan(0);
  expect(slow.flow / full.flow).toBeLessThan(0.8);
  expect(slow.pumps[0].electricW / full.pumps[0].electricW).toBeLessThan(0.7);
});

test("the valve takes its travel time, and a closed one lets nothing through", () => {
  const run: Commands = { ...MANUAL, run: [true, false] };
  const shut = after(20, stationAtRest(0, 1), run);
  expect(shut.flow).toBe(0);
  expect(shut.pumps[0].electricW).toBeGreaterThan(1_000);
  expect(after(VALVE_TRAVEL_S / 2, shut, { ...run, opening: 1 }).opening).toBeCloseTo(0.5, 1);
});

test("a dry well stops the pumps in any mode", () => {
  const dry: Station = { ...stationAtRest(0, 1), wellM3: 0.5 * WELL_AREA_M2, opening: 1 };
  const station = after(60, dry, { ...MANUAL, opening: 1, run: [true, true] });
  expect(wellLevelM(station)).toBeGreaterThan(0.1);
  expect(station.pumps.some(({ starts }) => starts > 0)).toBe(true);
});

test("two pumps move more than one, and less than twice as much", () => {
  const one = operatingPoint([1, 0], 11, 1).flow;
  const two = operatingPoint([1, 1], 11, 1).flow;
  expect(two).toBeGreaterThan(one * 1.1);
  expect(two).toBeLessThan(one * 2);
});

test("the same seed gives the same day, another seed another one", () => {
  const day = (seed: number): Station => after(3_600, stationAtRest(0, seed), AUTOMATIC);
  expect(day(5)).toEqual(day(5));
  expect(day(6).inflowM3).not.toBe(day(5).inflowM3);
});

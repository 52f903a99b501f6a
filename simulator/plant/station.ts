import type { Controller, Levels } from "./controller.ts";
import { control, DRY_RUN_LEVEL_M } from "./controller.ts";
import { frictionHeadM, GRAVITY, operatingPoint, WATER_DENSITY } from "./hydraulics.ts";
import type { Inflow } from "./inflow.ts";
import { stepInflow } from "./inflow.ts";
import type { Pump } from "./pump.ts";
import { PUMP_AT_REST, speedOf, stepPump } from "./pump.ts";

export const WELL_AREA_M2 = 3;
export const TANK_AREA_M2 = 40;
const WELL_DEPTH_M = 3;
const TANK_DEPTH_M = 4;
/** from the wet well's floor to the tank's */
const LIFT_M = 10;
/** m3/s through the tank's outlet at 1 m: at 2 m as much as flows in on average */
const OUTLET = 0.025 / Math.sqrt(2);
/** a pump draws air below this */
const SUCTION_LEVEL_M = 0.1;
export const VALVE_TRAVEL_S = 15;

/** What people and masters ask of the station; all of it can be written over Modbus. */
export interface Commands {
  readonly auto: boolean;
  readonly run: readonly [boolean, boolean];
  readonly reset: readonly [boolean, boolean];
  readonly targetHz: readonly [number, number];
  /** 0 to 1, obeyed when not in automatic mode */
  readonly opening: number;
  readonly levels: Levels;
}

/** The whole station at one instant. Volumes and energies are totals since the start. */
export interface Station {
  readonly timeS: number;
  readonly wellM3: number;
  readonly tankM3: number;
  readonly opening: number;
  readonly valveTravelS: number;
  readonly inflow: Inflow;
  readonly pumps: readonly [Pump, Pump];
  readonly controller: Controller;
  /** m3/s through the flow meter */
  readonly flow: number;
  /** m3/s out of the tank */
  readonly demand: number;
  readonly inflowM3: number;
  readonly pumpedM3: number;
  readonly demandM3: number;
  readonly wellOverflowM3: number;
  readonly tankOverflowM3: number;
  /** of the hydraulic work: what lifted the water, and what main and valve turned into heat */
  readonly liftJ: number;
  readonly frictionJ: number;
}

/** @param timeS seconds since some midnight */
export function stationAtRest(timeS: number, seed: number): Station {
  const inflow = stepInflow({ flow: 0, noise: 0, seed }, timeS, 0);
  return {
    timeS,
    wellM3: 1.55 * WELL_AREA_M2,
    tankM3: 2 * TANK_AREA_M2,
    opening: 0,
    valveTravelS: 0,
    inflow,
    pumps: [PUMP_AT_REST, PUMP_AT_REST],
    controller: { duty: 0, callDuty: false, callStandby: false, idleS: 1_000 },
    flow: 0,
    demand: 0,
    inflowM3: 0,
    pumpedM3: 0,
    demandM3: 0,
    wellOverflowM3: 0,
    tankOverflowM3: 0,
    liftJ: 0,
    frictionJ: 0,
  };
}

export function wellLevelM(station: Pick<Station, "wellM3">): number {
  return station.wellM3 / WELL_AREA_M2;
}

export function tankLevelM(station: Pick<Station, "tankM3">): number {
  return station.tankM3 / TANK_AREA_M2;
}

/** The station `dt` seconds later. Pure: the same station and commands give the same, noise included. */
export function step(station: Station, commands: Commands, dt: number): Station {
  const [one, two] = station.pumps;
  const levelM = wellLevelM(station);
  const tripped = [one.tripped, two.tripped] as const;
  const { controller, outputs } = control(
    station.controller,
    { levelM, levels: commands.levels, opening: station.opening, tripped },
    dt,
  );
  const wet = levelM > DRY_RUN_LEVEL_M;
  const run = commands.auto ? outputs.run : commands.run;
  const staticHeadM = LIFT_M + tankLevelM(station) - levelM;
  const primed = levelM > SUCTION_LEVEL_M;
  const point = operatingPoint([speedOf(one), speedOf(two)], staticHeadM, primed ? station.opening : 0);
  const pump = (index: 0 | 1): Pump =>
    stepPump(
      station.pumps[index],
      {
        run: run[index] && wet,
        reset: commands.reset[index],
        targetHz: commands.targetHz[index],
        flow: point.flows[index] ?? 0,
        headM: point.headM,
      },
      dt,
    );
  const opening = travel(station.opening, commands.auto ? outputs.opening : commands.opening, dt);
  const frictionM = frictionHeadM(point.flow, station.opening);
  const weightW = WATER_DENSITY * GRAVITY * point.flow;
  return {
    ...waters(station, point.flow, dt),
    timeS: station.timeS + dt,
    opening,
    valveTravelS: station.valveTravelS + (opening === station.opening ? 0 : dt),
    inflow: stepInflow(station.inflow, station.timeS, dt),
    pumps: [pump(0), pump(1)],
    controller,
    liftJ: station.liftJ + weightW * (point.headM - frictionM) * dt,
    frictionJ: station.frictionJ + weightW * frictionM * dt,
  };
}

type Waters = Pick<
  Station,
  "wellM3" | "tankM3" | "flow" | "demand" | "inflowM3" | "pumpedM3" | "demandM3" | "wellOverflowM3" | "tankOverflowM3"
>;

/** Every litre that leaves one place arrives in another. */
function waters(station: Station, flow: number, dt: number): Waters {
  const demand = Math.min(OUTLET * Math.sqrt(tankLevelM(station)), station.tankM3 / dt);
  const well = station.wellM3 + (station.inflow.flow - flow) * dt;
  const tank = station.tankM3 + (flow - demand) * dt;
  const wellOver = Math.max(0, well - WELL_DEPTH_M * WELL_AREA_M2);
  const tankOver = Math.max(0, tank - TANK_DEPTH_M * TANK_AREA_M2);
  return {
    wellM3: well - wellOver,
    tankM3: tank - tankOver,
    flow,
    demand,
    inflowM3: station.inflowM3 + station.inflow.flow * dt,
    pumpedM3: station.pumpedM3 + flow * dt,
    demandM3: station.demandM3 + demand * dt,
    wellOverflowM3: station.wellOverflowM3 + wellOver,
    tankOverflowM3: station.tankOverflowM3 + tankOver,
  };
}

function travel(opening: number, target: number, dt: number): number {
  const stepMax = dt / VALVE_TRAVEL_S;
  return opening + Math.min(stepMax, Math.max(-stepMax, target - opening));
}

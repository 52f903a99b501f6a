import type { Station } from "./station.ts";

/** lights, PLC, heating */
const BASE_LOAD_W = 350;
const PHASE_VOLTAGE = 231;
/** of the feeding line, V per W of one phase */
const DROOP = 0.0004;
const DRIVE_POWER_FACTOR = 0.93;
const BASE_POWER_FACTOR = 0.7;
/** the meter was not new when the station was built, and its count is past 32 bits: Wh */
const FORMER_WH = 5_234_567_890n;

/** What the meter at the mains sees. */
export interface Supply {
  readonly powerW: number;
  readonly reactiveVar: number;
  readonly phaseVoltage: number;
  readonly phaseCurrentA: number;
  readonly powerFactor: number;
  readonly energyWh: bigint;
}

/** @param elapsedS since the start, for the base load's share of the energy */
export function supplyOf(station: Station, elapsedS: number): Supply {
  const drivesW = station.pumps.reduce((sum, pump) => sum + pump.electricW, 0);
  const powerW = drivesW + BASE_LOAD_W;
  const reactiveVar = reactive(drivesW, DRIVE_POWER_FACTOR) + reactive(BASE_LOAD_W, BASE_POWER_FACTOR);
  const apparentVa = Math.hypot(powerW, reactiveVar);
  const phaseVoltage = PHASE_VOLTAGE - (DROOP * powerW) / 3;
  const energyJ = station.pumps.reduce((sum, pump) => sum + pump.electricJ, BASE_LOAD_W * elapsedS);
  return {
    powerW,
    reactiveVar,
    phaseVoltage,
    phaseCurrentA: apparentVa / (3 * phaseVoltage),
    powerFactor: powerW / apparentVa,
    energyWh: FORMER_WH + BigInt(Math.floor(energyJ / 3600)),
  };
}

/** Current of one drive, A. */
export function currentA(electricW: number): number {
  return electricW / DRIVE_POWER_FACTOR / (3 * PHASE_VOLTAGE);
}

function reactive(powerW: number, powerFactor: number): number {
  return powerW * Math.tan(Math.acos(powerFactor));
}

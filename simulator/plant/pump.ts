import { BEST_FLOW, GRAVITY, SHUTOFF_HEAD, WATER_DENSITY } from "./hydraulics.ts";

export const RATED_HZ = 50;
export const RATED_RPM = 1_450;
const RATED_RAD_S = (RATED_RPM * 2 * Math.PI) / 60;
/** rotor, coupling, impeller and the water that turns with it, kg·m² */
const INERTIA = 3;
const BEARING_TORQUE_NM = 6;
const EFFICIENCY_MAX = 0.74;
const MOTOR_EFFICIENCY = 0.93;
const SHAFT_POWER_MAX_W = 22_000;
/** from standstill to rated speed */
const RAMP_S = 5;
const AMBIENT_C = 18;
const THERMAL_RESISTANCE_K_W = 0.06;
const THERMAL_TIME_S = 1_200;
const TRIP_C = 120;
const STANDSTILL = 0.005;

/** One pump with its drive. Energies are totals since the start, joules; what goes in comes out or is still turning. */
export interface Pump {
  /** kinetic energy of what turns, J */
  readonly kineticJ: number;
  readonly motorC: number;
  readonly tripped: boolean;
  readonly running: boolean;
  readonly runS: number;
  readonly starts: number;
  /** m3/s, through its check valve */
  readonly flow: number;
  /** drawn from the mains, W */
  readonly electricW: number;
  readonly electricJ: number;
  /** given to the water that moved */
  readonly hydraulicJ: number;
  readonly pumpLossJ: number;
  readonly motorLossJ: number;
}

export const PUMP_AT_REST: Pump = {
  kineticJ: 0,
  motorC: AMBIENT_C,
  tripped: false,
  running: false,
  runS: 0,
  starts: 0,
  flow: 0,
  electricW: 0,
  electricJ: 0,
  hydraulicJ: 0,
  pumpLossJ: 0,
  motorLossJ: 0,
};

/** Share of rated speed. */
export function speedOf(pump: Pick<Pump, "kineticJ">): number {
  return Math.sqrt((2 * pump.kineticJ) / INERTIA) / RATED_RAD_S;
}

export interface PumpInputs {
  readonly run: boolean;
  readonly reset: boolean;
  readonly targetHz: number;
  /** from the hydraulics at the present speed */
  readonly flow: number;
  readonly headM: number;
}

/** One time step. The drive ramps the speed up and down but never brakes: without power the rotor coasts. */
export function stepPump(pump: Pump, inputs: PumpInputs, dt: number): Pump {
  const tripped = (pump.tripped && !inputs.reset) || pump.motorC > TRIP_C;
  const running = inputs.run && !tripped;
  const speed = speedOf(pump);
  const hydraulicW = WATER_DENSITY * GRAVITY * inputs.flow * inputs.headM;
  const resistanceW = shaftPowerW(speed, inputs.flow, inputs.headM) + BEARING_TORQUE_NM * speed * RATED_RAD_S;
  const motorW = running ? drivePowerW(pump.kineticJ, speed, inputs.targetHz / RATED_HZ, resistanceW, dt) : 0;
  // what is left of a slow rotor's energy is all that friction can take
  const lossW = Math.min(resistanceW - hydraulicW, pump.kineticJ / dt + motorW - hydraulicW);
  const electricW = motorW / MOTOR_EFFICIENCY;
  const heatW = electricW - motorW;
  return {
    kineticJ: Math.max(0, pump.kineticJ + (motorW - hydraulicW - lossW) * dt),
    motorC: pump.motorC + ((AMBIENT_C + heatW * THERMAL_RESISTANCE_K_W - pump.motorC) * dt) / THERMAL_TIME_S,
    tripped,
    running,
    runS: pump.runS + (running ? dt : 0),
    starts: pump.starts + (running && !pump.running ? 1 : 0),
    flow: inputs.flow,
    electricW,
    electricJ: pump.electricJ + electricW * dt,
    hydraulicJ: pump.hydraulicJ + hydraulicW * dt,
    pumpLossJ: pump.pumpLossJ + lossW * dt,
    motorLossJ: pump.motorLossJ + heatW * dt,
  };
}

/** Hydraulic work over efficiency; the parabola of efficiency leaves a finite power at no flow. */
function shaftPowerW(speed: number, flow: number, headM: number): number {
  if (speed < STANDSTILL) return 0;
  const load = flow / (speed * BEST_FLOW);
  const ownHeadM = flow > 0 ? headM : SHUTOFF_HEAD * speed * speed;
  return (WATER_DENSITY * GRAVITY * BEST_FLOW * speed * ownHeadM) / (EFFICIENCY_MAX * (2 - load));
}

function drivePowerW(kineticJ: number, speed: number, targetSpeed: number, resistanceW: number, dt: number): number {
  const step = dt / RAMP_S;
  const next = speed + Math.min(step, Math.max(-step, targetSpeed - speed));
  const nextJ = 0.5 * INERTIA * (next * RATED_RAD_S) ** 2;
  return Math.min(SHAFT_POWER_MAX_W, Math.max(0, resistanceW + (nextJ - kineticJ) / dt));
}

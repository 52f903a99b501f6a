/** Water at 15 °C, kg/m3 and m/s2. */
export const WATER_DENSITY = 999;
export const GRAVITY = 9.81;

/** Head of a pump at rated speed against a closed valve, m. */
export const SHUTOFF_HEAD = 24;
/** Flow of best efficiency at rated speed, m3/s. */
export const BEST_FLOW = 0.05;
/** How much head a pump loses with the square of its flow, m/(m3/s)². */
const PUMP_CURVE = 2_400;
/** Friction of the rising main, m/(m3/s)². */
const MAIN_FRICTION = 2_340;
/** Friction of the fully open valve; it grows with the inverse square of the opening. */
const VALVE_FRICTION = 300;
/** Below this opening the valve is tight. */
const VALVE_TIGHT = 0.005;
/** Halvings of a range of some 24 m: to about 20 nm of head. */
const HALVINGS = 30;

export interface OperatingPoint {
  /** head in the common header, m above the wet well's surface */
  readonly headM: number;
  /** of each pump, m3/s; 0 where its check valve is shut */
  readonly flows: readonly number[];
  readonly flow: number;
}

/**
 * Where pumps in parallel, each behind its check valve, and the rising main agree on one head.
 * @param speeds of the pumps, as a share of rated speed; the curves follow the affinity laws
 * @param staticHeadM from the wet well's surface to the tank's
 * @param opening of the discharge valve, 0 to 1
 */
export function operatingPoint(speeds: readonly number[], staticHeadM: number, opening: number): OperatingPoint {
  const shutoff = Math.max(...speeds.map((speed) => SHUTOFF_HEAD * speed * speed));
  if (opening <= VALVE_TIGHT || shutoff <= staticHeadM) {
    return { headM: Math.max(shutoff, 0), flows: speeds.map(() => 0), flow: 0 };
  }
  const friction = MAIN_FRICTION + VALVE_FRICTION / (opening * opening);
  let low = staticHeadM;
  let high = shutoff;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    const delivered = speeds.reduce((sum, speed) => sum + pumpFlow(speed, middle), 0);
    // too much head chokes the pumps and drives the main: then the pumps deliver less than the main takes
    if (delivered > Math.sqrt((middle - staticHeadM) / friction)) low = middle;
    else high = middle;
  }
  const flows = speeds.map((speed) => pumpFlow(speed, high));
  return { headM: high, flows, flow: flows.reduce((sum, flow) => sum + flow, 0) };
}

/** Friction of main and valve at this flow, m. */
export function frictionHeadM(flow: number, opening: number): number {
  return flow === 0 ? 0 : (MAIN_FRICTION + VALVE_FRICTION / (opening * opening)) * flow * flow;
}

/** Head that one pump gives at rated speed, m. @param flow m3/s */
export function pumpHeadM(flow: number): number {
  return SHUTOFF_HEAD - PUMP_CURVE * flow * flow;
}

function pumpFlow(speed: number, headM: number): number {
  return Math.sqrt(Math.max(0, SHUTOFF_HEAD * speed * speed - headM) / PUMP_CURVE);
}

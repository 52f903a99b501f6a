const MEAN_M3_S = 0.025;
const DAY_S = 86_400;
const NOISE_TIME_S = 90;
const NOISE_DEVIATION = 0.12;
const NOISE_MAX = 0.3;

/** The one thing in the plant that chance decides: how much people above let go. Its generator is part of the state. */
export interface Inflow {
  readonly flow: number;
  readonly noise: number;
  /** 32 bits */
  readonly seed: number;
}

/** m3/s: little at night, a peak in the morning and a smaller one in the evening, and slow noise on top. */
export function stepInflow(inflow: Inflow, dayS: number, dt: number): Inflow {
  const seed = (inflow.seed + 0x6d2b79f5) | 0;
  const kick = Math.sqrt((6 * dt) / NOISE_TIME_S) * NOISE_DEVIATION * (2 * fractionOf(seed) - 1);
  const noise = clamp(inflow.noise * (1 - dt / NOISE_TIME_S) + kick, -NOISE_MAX, NOISE_MAX);
  const day = (2 * Math.PI * (dayS % DAY_S)) / DAY_S;
  const diurnal = 1 - 0.3 * Math.cos(day - 0.5) - 0.15 * Math.cos(2 * day - 1.05);
  return { flow: MEAN_M3_S * diurnal * (1 + noise), noise, seed };
}

/** Tommy Ettinger's mulberry32, one round. */
function fractionOf(seed: number): number {
  let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

const FRACTION_BITS = 10;
const EXPONENT_BIAS = 15;
const EXPONENT_MAX = 0x1f;
/** What the smallest step is worth: numbers below the least normal one are multiples of it. */
const STEP_MIN = 2 ** (1 - EXPONENT_BIAS - FRACTION_BITS);

/** The number that 16 bits stand for. @see IEEE 754-2019 §3.4 binary16 */
export function halfPrecision(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> FRACTION_BITS) & EXPONENT_MAX;
  const fraction = bits & 0x3ff;
  if (exponent === EXPONENT_MAX) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * STEP_MIN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - EXPONENT_BIAS);
}

/** The 16 bits nearest to a number, ties to even; undefined where it is too large, or no number. */
export function halfPrecisionBits(value: number): number | undefined {
  if (Number.isNaN(value)) return undefined;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  const exponent = Math.max(1 - EXPONENT_BIAS, Math.floor(Math.log2(size)));
  // the step between neighbours at this size; what rounds up to the next power carries into the exponent by itself
  const steps = roundToEven(size / 2 ** (exponent - FRACTION_BITS));
  const bits = steps + (exponent + EXPONENT_BIAS - 1) * 1024;
  return bits >= EXPONENT_MAX * 1024 ? undefined : sign | bits;
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

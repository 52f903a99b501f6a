import { characterMs } from "../../../hal/serial.ts";
import type { SerialLine } from "../../../hal/serial.ts";

export const REGISTERS = 20;
/** Unit id, function, first address, count, CRC. */
export const REQUEST_CHARACTERS = 8;
/** Unit id, function, byte count, two a register, CRC. */
export const REPLY_CHARACTERS = 3 + 2 * REGISTERS + 2;
/** How long each simulated device thinks, and says so. */
export const REPLY_DELAY_MS = 5;
/** Two that are always due, so that the line is never without work. */
export const UNITS = [1, 2] as const;

const T35_CHARACTERS = 3.5;
const FIXED_ABOVE_BAUD = 19_200;
const T35_FIXED_MS = 1.75;

export function line(baudRate: number): Omit<SerialLine, "path"> {
  return { baudRate, parity: "even", dataBits: 8, stopBits: 1 };
}

/** The silence the standard asks before a frame. @see Modbus over serial line V1.02 §2.5.1.1 */
export function silenceMs(baudRate: number): number {
  return baudRate > FIXED_ABOVE_BAUD ? T35_FIXED_MS : T35_CHARACTERS * characterMs(line(baudRate));
}

/** The shortest cycle the line allows: all characters, a silence before each of the two frames, the device's own delay. */
export function leastCycleMs(baudRate: number): number {
  const characters = REQUEST_CHARACTERS + REPLY_CHARACTERS;
  return characters * characterMs(line(baudRate)) + 2 * silenceMs(baudRate) + REPLY_DELAY_MS;
}

/** As short as `config check` lets two devices poll: it cannot know their delay, so the line is never idle. */
export function pollMs(baudRate: number): number {
  return Math.max(20, Math.ceil((leastCycleMs(baudRate) - REPLY_DELAY_MS) * UNITS.length));
}

/** One exchange as it was on the line: instants in ms, each at the edge of a character. */
export interface Exchange {
  readonly requestStartMs: number;
  /** end of the last character heard before the request, of the reply before it */
  readonly quietSinceMs: number;
}

/** Shares of the ideal, one for each pair of requests that follow each other. */
export function efficiencies(exchanges: readonly Exchange[], baudRate: number): readonly number[] {
  return exchanges
    .slice(1)
    .map(
      (one, index) => (100 * leastCycleMs(baudRate)) / (one.requestStartMs - (exchanges[index]?.requestStartMs ?? 0)),
    );
}

/** Microseconds are what a floating-point sum may be off by, not what a wire could notice. */
const ROUNDING_MS = 0.001;

export function silencesViolated(exchanges: readonly Exchange[], baudRate: number): number {
  const least = silenceMs(baudRate) - ROUNDING_MS;
  return exchanges.filter((one) => one.requestStartMs - one.quietSinceMs < least).length;
}

import type { PointType } from "../../contract/point.ts";
import { quote } from "../quote.ts";

/** What a value has to fit to be written: as `field` will judge it. */
export interface Receiver {
  readonly type: PointType;
  readonly scale: number;
  readonly offset: number;
  /** bytes of text that it takes */
  readonly textBytes: number;
  /** of the output, scaled */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

export interface Misfit {
  readonly message: string;
  readonly hint: string;
}

/** From here on a half-precision number rounds to infinity. */
const FLOAT16_ROUNDS_UP = 65_520;
const CONTROL = /\p{Cc}/u;
const INTEGER = /^(u?)int(\d+)$/u;

/** Why a value can never be written to a point; undefined where it can. */
export function misfit(receiver: Receiver, value: number | boolean | string): Misfit | undefined {
  const { type } = receiver;
  if (type === "bool") {
    if (typeof value === "boolean") return undefined;
    return { message: `${spelled(value)} cannot be written to a bool`, hint: "write true or false" };
  }
  if (type === "string") return textMisfit(receiver, value);
  const exact = INTEGER.exec(type)?.[2] === "64" && receiver.scale === 1 && receiver.offset === 0;
  const wanted = exact && typeof value === "string" && /^-?\d{1,20}$/u.test(value) ? BigInt(value) : value;
  if (typeof wanted !== "number" && typeof wanted !== "bigint")
    return { message: `${spelled(value)} cannot be written to ${type}`, hint: "write a number" };
  const { low, high } = receiver;
  if (low !== undefined && wanted < low)
    return { message: `${wanted} is below low of the output, ${low}`, hint: `write at least ${low}` };
  if (high !== undefined && wanted > high)
    return { message: `${wanted} is above high of the output, ${high}`, hint: `write at most ${high}` };
  if (holds(receiver, wanted)) return undefined;
  const message = `${wanted} does not fit ${type} with scale ${receiver.scale} and offset ${receiver.offset}`;
  return { message, hint: "write a value that the register can hold, or another type, scale or offset" };
}

function holds({ type, scale, offset }: Receiver, wanted: number | bigint): boolean {
  const raw = typeof wanted === "bigint" ? wanted : (wanted - offset) / scale;
  if (typeof raw === "number" && !Number.isFinite(raw)) return false;
  const [, unsigned, bits] = INTEGER.exec(type) ?? [];
  if (type === "float16") return Math.abs(Number(raw)) < FLOAT16_ROUNDS_UP;
  if (bits === undefined) return type === "float64" || Number.isFinite(Math.fround(Number(raw)));
  const whole = typeof raw === "bigint" ? raw : BigInt(Math.round(raw));
  const size = BigInt(bits);
  const [least, most] = unsigned === "u" ? [0n, 2n ** size - 1n] : [-(2n ** (size - 1n)), 2n ** (size - 1n) - 1n];
  return whole >= least && whole <= most;
}

function textMisfit({ textBytes }: Receiver, value: number | boolean | string): Misfit | undefined {
  if (typeof value !== "string" || CONTROL.test(value))
    return { message: `${spelled(value)} cannot be written to a string`, hint: "write text on one line, in quotes" };
  const bytes = Buffer.byteLength(value);
  if (bytes <= textBytes) return undefined;
  return { message: `the text has ${bytes} bytes, the point holds ${textBytes}`, hint: "shorten it" };
}

function spelled(value: number | boolean | string): string {
  return typeof value === "string" ? `the text ${quote(value)}` : String(value);
}

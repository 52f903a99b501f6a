import type { ScalarSnapshot } from "../../config/snapshot.ts";
import { qualityCode } from "../../contract/point.ts";
import type { PointValue } from "../../contract/point.ts";
import { NOT_TEXT, rawReader, valueOf } from "./registers.ts";

/** One value with its quality (index into QUALITIES); the same object is filled again and again. */
export interface Reading {
  value: PointValue;
  quality: number;
}

/** Fills a reading from the data of a reply. @param offset registers, or bits, from its start */
export type Read = (bytes: Buffer, offset: number, into: Reading) => void;

export const OK = qualityCode("ok");
export const NOT_A_NUMBER = qualityCode("not-a-number");
export const NO_TEXT = qualityCode("not-text");
const ABOVE = qualityCode("above-range");
const BELOW = qualityCode("below-range");

export function scalarReader(point: ScalarSnapshot): Read {
  const { scale, offset: shift, low, high } = point;
  const raw = rawReader(point);
  const plain = scale === 1 && shift === 0;
  return (bytes, offset, into) => {
    const read = raw(bytes, offset);
    const value = plain && typeof read === "number" ? finite(read) : valueOf(read, scale, shift);
    into.value = value;
    if (value === null) into.quality = read === NOT_TEXT ? NO_TEXT : NOT_A_NUMBER;
    else if (typeof read === "number" || typeof read === "bigint")
      into.quality = rangeQuality(Number(value), low, high);
    else into.quality = OK;
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function rangeQuality(value: number, low: number | undefined, high: number | undefined): number {
  if (high !== undefined && value > high) return ABOVE;
  if (low !== undefined && value < low) return BELOW;
  return OK;
}

/** Whether a change is worth reporting. @param deadband scaled; 0 reports every change */
export function changed(before: PointValue, after: PointValue, deadband: number): boolean {
  if (before === after) return false;
  if (deadband === 0 || before === null || after === null) return true;
  if (typeof before === "number" && typeof after === "number") return Math.abs(after - before) >= deadband;
  if (typeof before === "string" && typeof after === "string" && INTEGER.test(before) && INTEGER.test(after)) {
    return Math.abs(Number(BigInt(after) - BigInt(before))) >= deadband;
  }
  return true;
}

const INTEGER = /^-?\d+$/;

import type { ScalarValue } from "../../contract/point.ts";
import type { WriteRefusal } from "../../contract/rooms.ts";
import { READ_FUNCTION } from "../../config/requests/plan.ts";
import type { PollPlan } from "../../config/requests/plan.ts";
import type { Outcome, Request } from "../bus/request.ts";
import type { Encoded } from "../points/encode.ts";
import type { DeclaredOutput } from "./declared.ts";

export type Writable = Exclude<Encoded, { kind: "refused" }>;

/** How one write with its read-back went. */
export type Result =
  | { readonly kind: "confirmed"; readonly readBack: ScalarValue }
  | {
      readonly kind: "failed";
      readonly code: WriteRefusal;
      readonly message: string;
      readonly readBack?: ScalarValue;
      /** the device may have acted on it all the same */
      readonly perhaps: boolean;
    };

/** The request that writes a value: function 5, 6, 15, 16 or 22. */
export function writeRequest({ source, point, output }: DeclaredOutput, encoded: Writable): Request {
  const { unit } = source.snapshot;
  const { address } = point;
  const multiple = output.write === "multiple";
  switch (encoded.kind) {
    case "coil":
      return multiple
        ? { function: 15, unit, address, values: [encoded.on] }
        : { function: 5, unit, address, on: encoded.on };
    case "bit": {
      const mask = 1 << encoded.bit;
      return { function: 22, unit, address, andMask: 0xffff & ~mask, orMask: encoded.on ? mask : 0 };
    }
    case "words":
      return multiple
        ? { function: 16, unit, address, values: encoded.words }
        : { function: 6, unit, address, value: encoded.words[0] as number };
  }
}

/** The request that reads it back, and alone. */
export function readBackPlan({ source, index, point }: DeclaredOutput): PollPlan {
  return {
    request: {
      function: READ_FUNCTION[point.table],
      unit: source.snapshot.unit,
      address: point.address,
      count: point.count,
    },
    periodMs: point.pollMs,
    points: [{ index, offset: 0 }],
  };
}

/** What became of the write itself; undefined where the device took it. */
export function writeFailure(outcome: Outcome): Result | undefined {
  if (outcome.kind === "done") return undefined;
  const perhaps = outcome.kind === "silence" || outcome.kind === "damaged" || outcome.kind === "bus-down";
  return { ...failure(outcome, "not confirmed"), perhaps };
}

/** What the read-back says. Whatever was read is a reading of the point, too. */
export function readBackResult(output: DeclaredOutput, plan: PollPlan, encoded: Writable, outcome: Outcome): Result {
  if (outcome.kind !== "data") return { ...failure(outcome, "written, but the read-back failed"), perhaps: true };
  output.source.read(plan, outcome.bytes);
  const { value } = output.state;
  const readBack: ScalarValue = Array.isArray(value) ? null : value;
  if (shows(encoded, outcome.bytes)) return { kind: "confirmed", readBack };
  const message = "the device confirmed the write and reads back another value";
  return { kind: "failed", code: "WRITE_READ_BACK_DIFFERS", message, readBack, perhaps: true };
}

/** Whether what was read back is what was written, bit for bit. */
function shows(encoded: Writable, bytes: Buffer): boolean {
  switch (encoded.kind) {
    case "coil":
      return ((bytes[0] as number) & 1) === (encoded.on ? 1 : 0);
    case "bit":
      return ((bytes.readUInt16BE(0) >> encoded.bit) & 1) === (encoded.on ? 1 : 0);
    case "words":
      return encoded.words.every((word, i) => bytes.readUInt16BE(2 * i) === word);
  }
}

function failure(outcome: Outcome, what: string): { kind: "failed"; code: WriteRefusal; message: string } {
  switch (outcome.kind) {
    case "exception":
      return { kind: "failed", code: "WRITE_EXCEPTION", message: `${what}: exception ${outcome.code}` };
    case "bus-down":
      return { kind: "failed", code: "WRITE_BUS_DOWN", message: `${what}: the bus is down` };
    case "busy":
      return { kind: "failed", code: "WRITE_BUSY", message: `${what}: too much is waiting on this bus` };
    default:
      return { kind: "failed", code: "WRITE_NO_REPLY", message: `${what}: no usable answer` };
  }
}

import type { PointSnapshot, ScalarSnapshot } from "../../config/snapshot.ts";
import type { ScalarValue } from "../../contract/point.ts";
import type { Write, Written, WriteRefusal } from "../../contract/rooms.ts";
import type { Bus } from "../bus/bus.ts";
import type { Outcome, Request } from "../bus/request.ts";
import { encodeValue } from "../points/encode.ts";
import type { Encoded } from "../points/encode.ts";
import { READ_FUNCTION } from "../points/plan.ts";
import type { PollPlan } from "../points/plan.ts";
import type { DeviceSource } from "../points/device-source.ts";

/**
 * Writes one declared output and reads it back. Only what is declared is written, only within type and range, and
 * nothing is ever tried twice: whoever commands decides what an unanswered write means.
 */
export function writeOutput(buses: Iterable<Bus>, write: Write, answer: (written: Written) => void): void {
  const refuse = (code: WriteRefusal, message: string): void => {
    answer({ kind: "written", id: write.id, code, message: message.slice(0, MESSAGE_CHARS_MAX) });
  };
  const found = find(buses, write);
  if (found === undefined) return refuse("WRITE_UNKNOWN_POINT", `no point ${write.source}/${write.point}`);
  const { bus, source, index, point } = found;
  if (point.type === "record" || point.output === undefined) {
    return refuse("WRITE_NOT_AN_OUTPUT", `${write.point} is not declared as an output`);
  }
  const encoded = encodeValue(point, write.value);
  if (encoded.kind === "refused") return refuse(encoded.code, encoded.message);
  const { unit, timeoutMs, requestGapMs: gapMs } = source.snapshot;
  const plan: PollPlan = {
    request: { function: READ_FUNCTION[point.table], unit, address: point.address, count: point.count },
    periodMs: point.pollMs,
    points: [{ index, offset: 0 }],
  };
  const onReadBack = (outcome: Outcome): void => {
    if (outcome.kind !== "data") return refuse(...failure(outcome, "written, but the read-back failed"));
    source.read(plan, outcome.bytes);
    const latest = source.points[index]?.value ?? null;
    const readBack: ScalarValue = Array.isArray(latest) ? null : latest;
    if (shows(encoded, outcome.bytes)) answer({ kind: "written", id: write.id, readBack });
    else {
      const message = "the device confirmed the write and reads back another value";
      answer({ kind: "written", id: write.id, code: "WRITE_READ_BACK_DIFFERS", message, readBack });
    }
  };
  const onWritten = (outcome: Outcome): void => {
    if (outcome.kind === "done") bus.submit({ request: plan.request, timeoutMs, gapMs, done: onReadBack });
    else refuse(...failure(outcome, "not confirmed"));
  };
  bus.submit({ request: requestOf(point, unit, encoded), timeoutMs, gapMs, done: onWritten });
}

const MESSAGE_CHARS_MAX = 512;

function find(
  buses: Iterable<Bus>,
  write: Write,
): { bus: Bus; source: DeviceSource; index: number; point: PointSnapshot } | undefined {
  for (const bus of buses) {
    const source = bus.sources.find(({ name }) => name === write.source);
    if (source === undefined) continue;
    const index = source.snapshot.points.findIndex(({ name }) => name === write.point);
    const point = source.snapshot.points[index];
    if (point !== undefined) return { bus, source, index, point };
  }
  return undefined;
}

function requestOf(point: ScalarSnapshot, unit: number, encoded: Exclude<Encoded, { kind: "refused" }>): Request {
  const { address } = point;
  const multiple = point.output?.write === "multiple";
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

/** Whether what was read back is what was written, bit for bit. */
function shows(encoded: Exclude<Encoded, { kind: "refused" }>, bytes: Buffer): boolean {
  switch (encoded.kind) {
    case "coil":
      return ((bytes[0] as number) & 1) === (encoded.on ? 1 : 0);
    case "bit":
      return ((bytes.readUInt16BE(0) >> encoded.bit) & 1) === (encoded.on ? 1 : 0);
    case "words":
      return encoded.words.every((word, i) => bytes.readUInt16BE(2 * i) === word);
  }
}

function failure(outcome: Outcome, what: string): [WriteRefusal, string] {
  switch (outcome.kind) {
    case "exception":
      return ["WRITE_EXCEPTION", `${what}: exception ${outcome.code}`];
    case "bus-down":
      return ["WRITE_BUS_DOWN", `${what}: the bus is down`];
    case "busy":
      return ["WRITE_BUSY", `${what}: too much is waiting on this bus`];
    default:
      return ["WRITE_NO_REPLY", `${what}: no usable answer`];
  }
}

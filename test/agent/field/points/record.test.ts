import { describe, expect, test } from "vitest";
import type { MemberSnapshot, RecordSnapshot } from "../../../../agent/config/snapshot.ts";
import { QUALITIES } from "../../../../agent/contract/point.ts";
import type { PointValue } from "../../../../agent/contract/point.ts";
import { planPolls } from "../../../../agent/config/requests/plan.ts";
import { changeDetector, reader } from "../../../../agent/field/points/reading.ts";
import { DeviceSource } from "../../../../agent/field/points/device-source.ts";
import { device, member, point, record, requests } from "../snapshots.ts";
import { busWorld } from "../world.ts";

const wire = (...words: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(2 * words.length);
  words.forEach((word, i) => bytes.writeUInt16BE(word, 2 * i));
  return bytes;
};

function read(snapshot: RecordSnapshot, bytes: Buffer, offset = 0): readonly [PointValue, string | undefined] {
  const into = { value: null as PointValue, quality: 0 };
  reader(snapshot)(bytes, offset, into);
  return [into.value, QUALITIES[into.quality]?.reason];
}

const PLATE: readonly MemberSnapshot[] = [
  member("maker", 0, { type: "string", count: 2 }),
  member("serial", 2, { type: "uint32", count: 2, wordOrder: "little" }),
  member("power", 4, { scale: 0.5, offset: 1 }),
  member("sealed", 5, { type: "bool", bit: 3 }),
];

describe("a record", () => {
  test("is all its members, each in its own place, order and scale", () => {
    const words = wire(0xffff, 0x4142, 0x4300, 0x0002, 0x0001, 13, 0b1000);
    expect(read(record("plate", PLATE), words, 1)).toEqual([["ABC", 65_538, 7.5, true], "ok"]);
  });

  test("with rows is row after row, as far apart as the stride says", () => {
    const curve = record("curve", [member("x", 0), member("y", 1, { type: "int16" })], {
      rows: { count: 3, stride: 3 },
    });
    expect(read(curve, wire(1, 0xffff, 99, 2, 0xfffe, 99, 3, 0xfffd))).toEqual([[1, -1, 2, -2, 3, -3], "ok"]);
  });

  test("without one of its values is bad as a whole, and keeps the others", () => {
    const plate = record("plate", [member("a", 0), member("f", 1, { type: "float32", count: 2 })]);
    expect(read(plate, wire(7, 0x7fc0, 0))).toEqual([[7, null], "not-a-number"]);
    const text = record("text", [member("f", 0, { type: "float32", count: 2 }), member("t", 2, { type: "string" })]);
    expect(read(text, wire(0x7fc0, 0, 0x0102))).toEqual([[null, null], "not-text"]);
  });

  test("changes when any member changes by its own dead-band", () => {
    const members = [member("level", 0, { deadband: 5 }), member("state", 1)];
    const detect = changeDetector(record("r", members, { rows: { count: 2, stride: 2 } }));
    const before = [100, 1, 200, 1];
    expect(detect(before, [104, 1, 196, 1])).toBe(false);
    expect(detect(before, [105, 1, 200, 1])).toBe(true);
    expect(detect(before, [100, 1, 195, 1])).toBe(true);
    expect(detect(before, [100, 1, 200, 2])).toBe(true);
    expect(detect(null, before)).toBe(true);
    expect(detect(before, null)).toBe(true);
    expect(detect(null, null)).toBe(false);
  });

  test("is read in one request, never divided and merged with its neighbours like any point", () => {
    const long = record("long", [member("first", 0), member("last", 99)]);
    const alone = planPolls(device("d", 1, { points: [long] }));
    expect(alone.map(({ request }) => [request.address, request.count])).toEqual([[0, 100]]);
    const inserting = requests({ optimise: "max-insert", insertMax: 2, registersMax: 110 });
    const near = point("near", { address: 101 });
    const far = point("far", { address: 115 });
    const plans = planPolls(device("d", 1, { points: [near, long, far], requests: inserting }));
    expect(plans.map(({ request }) => [request.address, request.count])).toEqual([
      [0, 102],
      [115, 1],
    ]);
  });
});

function sampling(members: readonly MemberSnapshot[]) {
  const world = busWorld();
  const snapshot = device("d", 1, { points: [record("r", members)] });
  const source = new DeviceSource("bus", snapshot, { clock: world.clock, sink: world.sink });
  const [plan] = planPolls(snapshot);
  if (plan === undefined) throw new Error("no plan");
  return { world, source, plan, read: (...words: readonly number[]) => source.read(plan, wire(...words)) };
}

describe("a source with a record", () => {
  test("samples the whole when one member survives its dead-band, measured from the last sampled whole", () => {
    const { world, read: poll } = sampling([member("a", 0, { deadband: 3 }), member("b", 1, { deadband: 10 })]);
    poll(100, 50);
    poll(102, 59);
    poll(101, 60);
    poll(103, 60);
    poll(104, 60);
    expect(world.samples.map(({ value }) => value)).toEqual([
      [100, 50],
      [101, 60],
      [104, 60],
    ]);
  });

  test("keeps its values while they are stale, and has none after an exception", () => {
    const { world, source, plan, read: poll } = sampling([member("a", 0), member("b", 1)]);
    poll(1, 2);
    source.failed(plan, "no-reply");
    source.failed(plan, "exception");
    poll(1, 2);
    expect(world.samples.map(({ value, reason }) => [value, reason])).toEqual([
      [[1, 2], "ok"],
      [[1, 2], "no-reply"],
      [null, "exception"],
      [[1, 2], "ok"],
    ]);
  });

  test("counts a record without one of its values as one invalid reading", () => {
    const { source, read: poll } = sampling([member("f", 0, { type: "float32", count: 2 }), member("b", 2)]);
    poll(0x7fc0, 0, 1);
    expect(source.invalidValues).toBe(1);
    poll(0x3f80, 0, 1);
    expect(source.invalidValues).toBe(1);
  });
});

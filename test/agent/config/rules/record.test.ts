import { describe, expect, test } from "vitest";
import type { PointSnapshot } from "../../../../agent/config/snapshot.ts";
import { edited, onlyFinding, refusals, snapshotOf } from "../gateway-file.ts";

const A = { name: "a", at: 0 };
const B = { name: "b", at: 1, type: "int32" };
const record = (keys: object): object => ({
  name: "p",
  table: "holding-register",
  address: 0,
  type: "record",
  members: [A, B],
  ...keys,
});
const file = (...points: readonly object[]): string => edited({ "buses.0.devices.0.points": points });
const built = (keys: object): PointSnapshot | undefined =>
  snapshotOf(file(record(keys))).field.buses[0]?.devices[0]?.points[0];
const members = (count: number, over: object = {}) =>
  Array.from({ length: count }, (_, i) => ({ name: `m${i}`, at: i, ...over }));

test("a record is compiled with all its members say or leave to it, and names its template", () => {
  expect(built({ wordOrder: "little", members: [A, { ...B, byteOrder: "little", scale: 0.5, unit: "m", deadband: 2 }] })).toEqual({
    name: "p",
    table: "holding-register",
    address: 0,
    count: 3,
    type: "record",
    template: "p",
    pollMs: 1_000,
    heartbeatMs: 60_000,
    members: [
      { name: "a", at: 0, count: 1, type: "uint16", wordOrder: "little", byteOrder: "big", scale: 1, offset: 0, deadband: 0 },
      { name: "b", at: 1, count: 2, type: "int32", wordOrder: "little", byteOrder: "little", scale: 0.5, offset: 0, deadband: 2, unit: "m" },
    ],
  }); // prettier-ignore
  expect(built({ template: "motor" })).toMatchObject({ template: "motor" });
});

test("rows follow each other where no stride says otherwise", () => {
  expect(built({ rows: 4 })).toMatchObject({ count: 12, rows: { count: 4, stride: 3 } });
  expect(built({ rows: 4, stride: 10 })).toMatchObject({ count: 33, rows: { count: 4, stride: 10 } });
  expect(built({ rows: 4 })).not.toHaveProperty("template");
});

test.each<[string, object, string]>([
  ["without members", { members: undefined }, "CONFIG_RECORD_MEMBERS type"],
  ["with an empty list of members", { members: [] }, "CONFIG_LENGTH members"],
  ["in coils", { table: "coil" }, "CONFIG_TABLE_TYPE type"],
  ["in discrete inputs", { table: "discrete-input" }, "CONFIG_TABLE_TYPE type"],
  ["as an output", { output: {} }, "CONFIG_RECORD_OUTPUT output"],
  ["with a scale of its own", { scale: 2 }, "CONFIG_KEY_MEANINGLESS scale"],
  ["with a unit of its own", { unit: "m" }, "CONFIG_KEY_MEANINGLESS unit"],
  ["with a dead-band of its own", { deadband: 2 }, "CONFIG_KEY_MEANINGLESS deadband"],
  ["with a stride and no rows", { stride: 3 }, "CONFIG_KEY_MEANINGLESS stride"],
  ["with rows and a template", { rows: 2, template: "t" }, "CONFIG_KEY_MEANINGLESS template"],
  ["whose rows overlap", { rows: 2, stride: 2 }, "CONFIG_RECORD_SPAN stride"],
  ["of more rows than one request reads", { rows: 42 }, "CONFIG_RECORD_SPAN rows"],
  ["of members beyond one request", { members: [A, { ...B, at: 124 }] }, "CONFIG_RECORD_SPAN members"],
  ["of more values than are taken", { rows: 25, stride: 5, members: members(11, { at: 0 }) }, "CONFIG_RECORD_SPAN rows"],
  ["beyond the last address", { address: 65_534 }, "CONFIG_ADDRESS_WRAPS address"],
  ["with one member name twice", { members: [A, { ...B, name: "a" }] }, "CONFIG_NAME_DUPLICATE members[1].name"],
  ["with a uint64 column", { rows: 2, members: [{ ...A, type: "uint64" }] }, "CONFIG_RECORD_COLUMN members[0].type"],
  ["with a string without length", { members: [{ ...A, type: "string" }] }, "CONFIG_STRING_LENGTH members[0].type"],
  ["with a bool without bit", { members: [{ ...A, type: "bool" }] }, "CONFIG_BIT members[0].type"],
  ["with a bit of a number", { members: [{ ...A, bit: 1 }] }, "CONFIG_BIT members[0].bit"],
  ["with a member scaled by 0", { members: [{ ...A, scale: 0 }] }, "CONFIG_SCALE_ZERO members[0].scale"],
  ["with a scaled text", { members: [{ ...A, type: "string", length: 2, scale: 2 }] }, "CONFIG_KEY_MEANINGLESS members[0].scale"],
  ["with a record in it", { members: [{ ...A, type: "record" }] }, "CONFIG_VALUE_UNKNOWN members[0].type"],
  ["whose template is Sparkplug's own", { template: "bdSeq" }, "CONFIG_TEMPLATE"],
  ["whose template cannot stand in a name", { template: "a/b" }, "CONFIG_TOPIC_NAME template"],
])("a record %s is refused", (_what, keys, expected) => {
  const [code, path] = expected.split(" ");
  const at = `buses[0].devices[0].points[0]${path === undefined ? "" : `.${path}`}`;
  expect(refusals(file(record(keys)))).toEqual([`${code} ${at}`]);
}); // prettier-ignore

test.each<[string, object]>([
  ["up to the last register of a request", { members: [A, { ...B, at: 123 }] }],
  ["up to the last address", { address: 65_533 }],
  ["of as many rows as a request reads", { rows: 41 }],
  ["whose members share a register", { members: [{ ...A, type: "bool", bit: 0 }, { name: "b", at: 0, type: "bool", bit: 1 }] }],
  ["with a scaled uint64 column", { rows: 2, members: [{ ...A, type: "uint64", scale: 0.1 }] }],
  ["with a uint64 member and no rows", { members: [{ ...A, type: "uint64" }] }],
  ["in input registers", { table: "input-register" }],
])("a record %s is accepted", (_what, keys) => {
  expect(refusals(file(record(keys)))).toEqual([]);
}); // prettier-ignore

test.each(["members", "rows", "stride", "template"])("%s belongs to records alone", (key) => {
  const value = { members: [A], rows: 2, stride: 3, template: "t" }[key];
  expect(refusals(file({ name: "p", table: "holding-register", address: 0, [key]: value }))).toEqual([
    `CONFIG_RECORD_MEMBERS buses[0].devices[0].points[0].${key}`,
  ]);
});

test("a record longer than the longest request its device allows is refused, since it is never divided", () => {
  const text = edited({
    "buses.0.devices.0.points": [record({ rows: 10 })],
    "buses.0.devices.0.requests": { registersMax: 20 },
  });
  expect(refusals(text)).toEqual(["CONFIG_MERGE_LIMIT buses[0].devices[0].points[0]"]);
});

describe("a template", () => {
  const two = (first: object, second: object): readonly string[] =>
    refusals(
      edited({
        "buses.0.devices.0.points": [record({ name: "plate", ...first })],
        "buses.0.devices.1.points": [record({ name: "plate", ...second })],
      }),
    );

  test("is shared by records with the same members, wherever their registers are", () => {
    expect(
      two(
        {},
        {
          address: 40,
          members: [
            { ...A, at: 5 },
            { ...B, at: 8 },
          ],
          wordOrder: "little",
          pollMs: 5_000,
        },
      ),
    ).toEqual([]);
  });

  test.each<[string, object]>([
    ["another name", { members: [A, { ...B, name: "c" }] }],
    ["another type", { members: [A, { ...B, type: "uint32" }] }],
    ["another unit", { members: [A, { ...B, unit: "m" }] }],
    ["another scale, which is another type", { members: [A, { ...B, scale: 0.1 }] }],
    ["one member less", { members: [A] }],
    ["another order", { members: [B, A] }],
  ])("of two records, one with %s, is refused", (_what, second) => {
    expect(two({}, second)).toEqual(["CONFIG_TEMPLATE buses[0].devices[1].points[0]"]);
    expect(two({}, { ...second, template: "plate-2" })).toEqual([]);
  });

  test("that makes the node's birth larger than a packet is refused", () => {
    const points = Array.from({ length: 20 }, (_, i) => record({ name: `r${i}`, members: members(60) }));
    const text = (packetBytesMax: number): string =>
      edited({ "buses.0.devices.0.points": points, "uplink.broker.packetBytesMax": packetBytesMax });
    expect(refusals(text(60_000))).toEqual([]);
    expect(refusals(text(20_000))).toEqual(["CONFIG_BIRTH_SIZE buses"]);
  });
});

test("the hint says what to write", () => {
  expect(onlyFinding(file(record({ rows: 60 })))).toMatchObject({
    message: "the record takes 180 registers, one Modbus request reads 125",
    hint: "write `rows: 41`, or two records",
  });
  expect(onlyFinding(file(record({ output: {} }))).hint).toContain("as a point of its own");
});

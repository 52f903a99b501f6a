import { expect, test } from "vitest";
import { isUplinkPart } from "../../../../agent/uplink/configuration/part.ts";
import { edited, onlyFinding, refusals, snapshotOf } from "../gateway-file.ts";

const POWER = { point: "meter-1/power", table: "input-register", address: 0, type: "float32" };
const SPEED = { point: "pump-1/speed", table: "holding-register", address: 10, type: "uint16" };
const RIGHT = { host: "192.0.2.1", clients: ["192.0.2.0/24"], entries: [POWER, SPEED] };
const server = (part: object) => edited({ modbusServer: { ...RIGHT, ...part } });

test("both rooms are told of it: uplink what is where, field which points", () => {
  const { field, uplink } = snapshotOf(server({ entries: [POWER, SPEED, { ...POWER, address: 2 }] }));
  expect(field.shown).toEqual(["meter-1/power", "pump-1/speed"]);
  expect(uplink.modbusServer).toMatchObject({ host: "192.0.2.1", port: 1502, unit: 1, connectionsMax: 4 });
  expect(uplink.modbusServer?.entries[0]).toEqual({ ...POWER, count: 2, wordOrder: "big", scale: 1, offset: 0 });
});

test("without it nothing of it is in the snapshot", () => {
  const { field, uplink } = snapshotOf(edited({}));
  expect(field).not.toHaveProperty("shown");
  expect(uplink).not.toHaveProperty("modbusServer");
});

test("it listens everywhere only where the file says so", () => {
  for (const host of ["0.0.0.0", "::"]) {
    expect(onlyFinding(server({ host }))).toMatchObject({
      code: "CONFIG_MODBUS_SERVER",
      hint: expect.stringContaining("anyInterface"),
    });
    expect(refusals(server({ host, anyInterface: true }))).toEqual([]);
  }
  expect(refusals(server({ anyInterface: true }))).toEqual(["CONFIG_KEY_MEANINGLESS modbusServer.anyInterface"]);
  expect(refusals(server({ host: "gateway.example.org" }))).toEqual(["CONFIG_HOST modbusServer.host"]);
});

test("clients are addresses and networks, never everybody", () => {
  const clients = ["192.0.2.7", "2001:db8::/32", "198.51.100.0/25"];
  expect(refusals(server({ clients }))).toEqual([]);
  const wrong = ["scada.example", "0.0.0.0/0", "::/0", "192.0.2.7/24", "192.0.2.0/33", "192.0.2.0/"];
  expect(refusals(server({ clients: wrong }))).toEqual(
    wrong.map((_, i) => `CONFIG_MODBUS_SERVER modbusServer.clients[${i}]`),
  );
  expect(onlyFinding(server({ clients: ["192.0.2.7/24"] })).hint).toBe(
    'write "192.0.2.0/24" for the network, or "192.0.2.7" for this address alone',
  );
  expect(refusals(server({ clients: [] }))).toEqual(["CONFIG_LENGTH modbusServer.clients"]);
});

test("an address is taken once in each table", () => {
  const entries = [POWER, { ...SPEED, table: "input-register", address: 1 }, { ...SPEED, address: 1 }];
  expect(onlyFinding(server({ entries }))).toMatchObject({
    code: "CONFIG_MODBUS_SERVER",
    path: "modbusServer.entries[1].address",
    message: "input-register 1 is already modbusServer.entries[0]",
  });
});

test("a point that does not exist is told with the one that was meant", () => {
  expect(onlyFinding(server({ entries: [{ ...SPEED, point: "pump-1/sped" }] }))).toMatchObject({
    code: "CONFIG_POINT_UNKNOWN",
    path: "modbusServer.entries[0].point",
    hint: expect.stringContaining("pump-1/speed"),
  });
});

test("points of the housing can be shown, and need no type", () => {
  const io = { inputs: [{ name: "door", line: "gpio:17" }] };
  const entries = [
    { point: "io/door", table: "discrete-input", address: 0 },
    { point: "io/door", table: "holding-register", address: 0 },
  ];
  const { uplink } = snapshotOf(edited({ io, modbusServer: { ...RIGHT, entries } }));
  expect(uplink.modbusServer?.entries.map(({ type, count }) => [type, count])).toEqual([
    ["bool", 1],
    ["bool", 1],
  ]);
});

test.each([
  ["a number without a type", { type: undefined }, "CONFIG_MODBUS_SERVER modbusServer.entries[0]"],
  ["a number as a bit", { table: "coil" }, "CONFIG_TABLE_TYPE modbusServer.entries[0].type"],
  ["a number as a bool", { type: "bool" }, "CONFIG_MODBUS_SERVER modbusServer.entries[0].type"],
  ["a number as a text", { type: "string", length: 4 }, "CONFIG_MODBUS_SERVER modbusServer.entries[0].type"],
  ["a scale of 0", { scale: 0 }, "CONFIG_SCALE_ZERO modbusServer.entries[0].scale"],
  ["a value beyond the last address", { address: 65_535 }, "CONFIG_ADDRESS_WRAPS modbusServer.entries[0].address"],
])("%s is refused", (_, over, refusal) => {
  const { type, ...rest } = { ...POWER, ...over };
  expect(refusals(server({ entries: [type === undefined ? rest : { ...rest, type }] }))).toEqual([refusal]);
});

test("the door of uplink takes what the command line compiles, and nothing that is open to more", () => {
  const { uplink } = snapshotOf(server({}));
  const { modbusServer } = uplink;
  expect(isUplinkPart(uplink)).toBe(true);
  const [first] = modbusServer?.entries ?? [];
  const wrong = [
    { host: "gateway.example.org" },
    { clients: [] },
    { clients: ["everybody"] },
    { port: 0 },
    { connectionsMax: 1_000 },
    { entries: [] },
    { entries: [{ ...first, table: "file" }] },
    { entries: [{ ...first, count: 126 }] },
    { writable: true },
  ];
  for (const over of wrong) {
    expect(isUplinkPart({ ...uplink, modbusServer: { ...modbusServer, ...over } }), JSON.stringify(over)).toBe(false);
  }
});

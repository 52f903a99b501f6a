import { expect, test } from "vitest";
import { entry, part, serverWorld } from "./server-world.ts";

const SEVERAL = [
  entry("a/speed", { address: 0 }),
  entry("a/level", { address: 1, type: "float32", count: 2 }),
  entry("a/total", { address: 3, type: "uint64", count: 4 }),
  entry("a/name", { address: 7, type: "string", count: 3 }),
  entry("a/running", { address: 10, type: "bool" }),
];
const VALUES = {
  "a/speed": 4660,
  "a/level": 1234.5,
  "a/total": "18446744073709551615",
  "a/name": "P-7",
  "a/running": true,
};

test("one request reads several points at once", async () => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  w.show(VALUES);
  const client = await w.connect();
  expect(await client.read(3, 0, 11)).toBe("03161234449a5000ffffffffffffffff502d370000000001");
  expect(await client.read(3, 1, 2)).toBe("0304449a5000");
  expect(w.server.status()).toMatchObject({ listening: true, clients: 1, requests: 2, unanswered: 0 });
});

test("the transaction and the unit come back as they were sent", async () => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  w.show(VALUES);
  const client = await w.connect();
  await client.ask("0300000001", 255);
  expect(client.received.toString("hex")).toBe("123400000005ff03021234");
});

test("bits are packed from the least significant on", async () => {
  await using w = serverWorld();
  const entries = Array.from({ length: 10 }, (_, i) =>
    entry(`a/b${i}`, { table: "discrete-input", address: i, type: "bool" }),
  );
  await w.configure(part([...entries, entry("a/b0", { table: "coil", address: 5, type: "bool" })]));
  w.show(Object.fromEntries(entries.map(({ point }, i) => [point, [0, 2, 3, 8].includes(i)])));
  const client = await w.connect();
  expect(await client.read(2, 0, 10)).toBe("02020d01");
  expect(await client.read(2, 2, 2)).toBe("020103");
  expect(await client.read(1, 5, 1)).toBe("010101");
});

test.each([
  ["int16 with a scale", { type: "int16", scale: 0.1 }, -12.34, "ff85"],
  ["uint16 with an offset", { type: "uint16", scale: 2, offset: -40 }, 60, "0032"],
  ["int32, words swapped", { type: "int32", count: 2, wordOrder: "little" }, -2, "fffeffff"],
  ["uint32", { type: "uint32", count: 2 }, 4_294_967_295, "ffffffff"],
  ["int64", { type: "int64", count: 4 }, "-9223372036854775808", "8000000000000000"],
  ["float64", { type: "float64", count: 4 }, -Math.PI, "c00921fb54442d18"],
  ["float64, words swapped", { type: "float64", count: 4, wordOrder: "little" }, -Math.PI, "2d18544421fbc009"],
  ["a text, whatever the word order", { type: "string", count: 2, wordOrder: "little" }, "ü1", "c3bc3100"],
] as const)("%s", async (_, over, value, wire) => {
  await using w = serverWorld();
  const one = entry("a/x", over);
  await w.configure(part([one]));
  w.show({ "a/x": value });
  const client = await w.connect();
  expect(await client.read(3, 0, one.count)).toBe(`03${(2 * one.count).toString(16).padStart(2, "0")}${wire}`);
});

test.each([
  ["too large", { type: "uint16" }, 65_536],
  ["too large once rounded", { type: "int16", scale: 0.5 }, 16_384],
  ["negative", { type: "uint32", count: 2 }, -1],
  ["no number of its width", { type: "int64", count: 4 }, "9223372036854775808"],
  ["beyond a float", { type: "float32", count: 2 }, 1e39],
  ["a text that is longer", { type: "string", count: 1 }, "abc"],
] as const)("a value that is %s is exception 4, and never clipped", async (_, over, value) => {
  await using w = serverWorld();
  const one = entry("a/x", over);
  await w.configure(part([one]));
  w.show({ "a/x": value });
  const client = await w.connect();
  expect(await client.read(3, 0, one.count)).toBe("8304");
  expect(w.server.status()).toMatchObject({ unanswered: 1, lastFault: { code: "MODBUS_SERVER_VALUE_UNFIT" } });
});

test("a point without a good value is exception 11, and so is whatever is asked with it", async () => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  const client = await w.connect();
  expect(await client.read(3, 0, 1)).toBe("830b");
  w.show(VALUES);
  expect(await client.read(3, 0, 1)).toBe("03021234");
  for (const quality of ["no-reply", "above-range"] as const) {
    w.show({ "a/level": 7 }, quality);
    expect(await client.read(3, 1, 2)).toBe("830b");
    expect(await client.read(3, 0, 3)).toBe("830b");
    expect(await client.read(3, 0, 1)).toBe("03021234");
  }
  expect(w.server.status()).toMatchObject({ requests: 8, unanswered: 5 });
});

test("once field is away every value is gone, and comes back with it", async () => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  w.show(VALUES);
  const client = await w.connect();
  w.values.lose();
  expect(await client.read(3, 0, 1)).toBe("830b");
  w.show(VALUES);
  expect(await client.read(3, 0, 1)).toBe("03021234");
});

test("a field that says nothing for ten seconds vouches for no value", async () => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  w.show(VALUES);
  const client = await w.connect();
  await w.clock.advance(9_000);
  w.show({});
  await w.clock.advance(9_000);
  expect(await client.read(3, 0, 1)).toBe("03021234");
  await w.clock.advance(1_000);
  expect(await client.read(3, 0, 1)).toBe("830b");
});

test("values of another configuration are none", async () => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  w.values.take({ kind: "shown", configDigest: "older", points: [0], values: [1], qualities: [0] });
  const client = await w.connect();
  expect(await client.read(3, 0, 1)).toBe("830b");
});

test("what is not mapped is exception 2: gaps, the middle of a value, half of one, another table", async () => {
  await using w = serverWorld();
  await w.configure(part([...SEVERAL, entry("a/speed", { address: 65_535 })]));
  w.show(VALUES);
  const client = await w.connect();
  expect(await client.read(3, 11, 1)).toBe("8302");
  expect(await client.read(3, 2, 1)).toBe("8302");
  expect(await client.read(3, 0, 2)).toBe("8302");
  expect(await client.read(4, 0, 1)).toBe("8402");
  expect(await client.read(1, 0, 1)).toBe("8102");
  expect(await client.read(3, 65_535, 2)).toBe("8302");
  expect(await client.read(3, 65_535, 1)).toBe("03021234");
});

test("a request that asks for nothing, too much or more than one thing is exception 3", async () => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  const client = await w.connect();
  for (const pdu of ["0300000000", "030000007e", "03000000", "030000000100"])
    expect(await client.ask(pdu)).toBe("8303");
  expect(await client.ask("01000007d1")).toBe("8103");
});

test("another unit is exception 10", async () => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  w.show(VALUES);
  const client = await w.connect();
  expect(await client.ask("0300000001", 2)).toBe("830a");
});

test("nothing can be written, whatever function is tried", async () => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  w.show(VALUES);
  const client = await w.connect();
  const writes = ["050000ff00", "0600000001", "0f000000010101", "1000000001020001", "1600000000ffff"];
  for (const pdu of writes)
    expect(await client.ask(pdu)).toBe(`${(Number.parseInt(pdu.slice(0, 2), 16) | 0x80).toString(16)}01`);
  const others = ["07", "0800001234", "0b", "11", "2b0e0100", "170000000100000001020001", "00", "ff"];
  for (const pdu of others) expect((await client.ask(pdu))?.slice(2)).toBe("01");
  expect(await client.read(3, 0, 1)).toBe("03021234");
  expect(w.server.status()).toMatchObject({
    refusedWrites: writes.length + 1,
    lastFault: { code: "MODBUS_SERVER_WRITE_REFUSED", message: expect.stringContaining("192.0.2.50") },
  });
});

test.each([0, 255])("unit %i is the server itself", async (unit) => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  w.show(VALUES);
  const client = await w.connect();
  expect(await client.ask("0300000001", unit)).toBe("03021234");
});

test("a field that runs another configuration shows nothing, and after a while the fault says why", async () => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  const other = { kind: "shown", configDigest: "sha256:other", points: [0], values: [7], qualities: [0] } as const;
  const client = await w.connect();
  w.values.take(other);
  expect(await client.read(3, 0, 1)).toBe("830b");
  await w.clock.advance(5_000);
  w.values.take(other);
  expect(await client.read(3, 0, 1)).toBe("830b");
  expect(w.server.status()?.lastFault).toBeUndefined();
  await w.clock.advance(5_000);
  w.values.take(other);
  expect(await client.read(3, 0, 1)).toBe("830b");
  expect(w.server.status()?.lastFault).toMatchObject({
    code: "MODBUS_SERVER_CONFIG_DIFFERS",
    message: expect.stringContaining("field runs configuration sha256:other, this server digest"),
  });
  w.show(VALUES);
  expect(await client.read(3, 0, 1)).toBe("03021234");
});

test("a field that is merely away is not taken for one of another configuration", async () => {
  await using w = serverWorld();
  await w.configure(part(SEVERAL));
  w.show(VALUES);
  const client = await w.connect();
  w.values.lose();
  await client.read(3, 0, 1);
  await w.clock.advance(20_000);
  expect(await client.read(3, 0, 1)).toBe("830b");
  expect(w.server.status()?.lastFault).toBeUndefined();
});

test("addresses at the edges are read, and nothing is beyond them", async () => {
  await using w = serverWorld();
  await w.configure(part([entry("a/first", { address: 0 }), entry("a/last", { address: 65_535 })]));
  w.show({ "a/first": 1, "a/last": 2 });
  const client = await w.connect();
  expect(await client.read(3, 65_535, 1)).toBe("03020002");
  expect(await client.read(3, 65_535, 2)).toBe("8302");
  expect(await client.read(3, 65_535, 125)).toBe("8302");
  expect(await client.read(3, 65_534, 1)).toBe("8302");
  expect(await client.read(3, 0, 0)).toBe("8303");
  expect(await client.read(3, 0, 126)).toBe("8303");
});

import { expect, test } from "vitest";
import { HOST, entry, frame, part, serverWorld } from "./server-world.ts";

const ENTRIES = [entry("a/x")];
const READ = "0300000001";
const REPLY_BYTES = 11;

test("whoever is none of the clients is refused before a byte is read", async () => {
  await using w = serverWorld();
  await w.configure(part(ENTRIES, { clients: ["192.0.2.7", "2001:db8::/32"] }));
  w.show({ "a/x": 1 });
  for (const from of ["192.0.2.8", "203.0.113.1", "2001:db9::1", ""]) {
    const stranger = await w.connect(from);
    expect(await stranger.ask(READ)).toBeUndefined();
    expect(stranger.closed).toBe(true);
  }
  for (const from of ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::77"]) {
    expect(await (await w.connect(from)).ask(READ)).toBe("03020001");
  }
  expect(w.server.status()).toMatchObject({ refusedClients: 4, clients: 3, requests: 3 });
});

test("nothing listens until it is configured, and nothing any more once it is not", async () => {
  await using w = serverWorld();
  expect(w.server.status()).toBeUndefined();
  await expect(w.connect()).rejects.toMatchObject({ code: "HAL_CONNECT_REFUSED" });
  await w.configure(part(ENTRIES));
  const client = await w.connect();
  await w.configure(undefined);
  await w.clock.advance(10);
  expect(client.closed).toBe(true);
  await expect(w.connect()).rejects.toMatchObject({ code: "HAL_CONNECT_REFUSED" });
  expect(w.server.status()).toBeUndefined();
});

test("the same configuration once more disturbs nobody, another one begins anew", async () => {
  await using w = serverWorld();
  await w.configure(part(ENTRIES));
  const client = await w.connect();
  await w.configure(part(ENTRIES));
  expect(client.closed).toBe(false);
  await w.configure(part([entry("a/x", { address: 7 })]));
  await w.clock.advance(10);
  expect(client.closed).toBe(true);
  w.show({ "a/x": 5 });
  expect(await (await w.connect()).read(3, 7, 1)).toBe("03020005");
});

test("an address that is not there yet is told, and taken as soon as it is", async () => {
  await using w = serverWorld();
  const other = await w.network.listen({ kind: "tcp", host: HOST, port: 1502 }, (stream) => stream.destroy());
  await w.configure(part(ENTRIES));
  expect(w.server.status()).toMatchObject({
    listening: false,
    lastFault: { code: "MODBUS_SERVER_LISTEN_FAILED", message: expect.stringContaining("modbus-server.md") },
  });
  await other[Symbol.asyncDispose]();
  await w.clock.advance(5_000);
  expect(w.server.status()?.listening).toBe(true);
});

test("there is room for so many and no more, and a place that was given up goes to its owner", async () => {
  await using w = serverWorld();
  await w.configure(part(ENTRIES, { connectionsMax: 2 }));
  w.show({ "a/x": 1 });
  const first = await w.connect();
  const second = await w.connect("192.0.2.51");
  const third = await w.connect("192.0.2.52");
  expect([first.closed, second.closed, third.closed]).toEqual([false, false, true]);
  expect(w.server.status()).toMatchObject({ refusedClients: 1, lastFault: { code: "MODBUS_SERVER_FULL" } });
  // its own connection, but one that it still uses
  expect((await w.connect()).closed).toBe(true);
  await w.clock.advance(30_000);
  const again = await w.connect();
  expect([first.closed, second.closed, again.closed]).toEqual([true, false, false]);
  w.show({ "a/x": 1 });
  expect(await again.ask(READ)).toBe("03020001");
});

test("a client that asks nothing for five minutes gives its place back", async () => {
  await using w = serverWorld();
  await w.configure(part(ENTRIES));
  const client = await w.connect();
  await w.clock.advance(200_000);
  await client.ask(READ);
  await w.clock.advance(299_000);
  expect(client.closed).toBe(false);
  await w.clock.advance(2_000);
  expect(client.closed).toBe(true);
  expect(w.server.status()?.clients).toBe(0);
});

test("a request that comes byte by byte is answered, one that never ends is cut off", async () => {
  await using w = serverWorld();
  await w.configure(part(ENTRIES));
  w.show({ "a/x": 1 });
  const slow = await w.connect();
  for (const byte of frame(READ)) {
    slow.stream.write(Buffer.of(byte));
    await w.clock.advance(300);
  }
  expect(slow.received.subarray(7).toString("hex")).toBe("03020001");
  const loris = await w.connect();
  for (const byte of frame(READ).subarray(0, -1)) {
    loris.stream.write(Buffer.of(byte));
    await w.clock.advance(600);
  }
  expect(loris.closed).toBe(true);
  expect(loris.received).toHaveLength(0);
  expect(slow.closed).toBe(false);
});

test.each([
  ["another protocol", `12340001000601${READ}`],
  ["a length of nothing", "12340000000101"],
  ["a length beyond every frame", `1234000000ff01${READ}`],
  ["the beginning of a TLS handshake", "16030100f8010000f4"],
  ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\n\r\n").toString("hex")],
])("%s ends the connection", async (_, hex) => {
  await using w = serverWorld();
  await w.configure(part(ENTRIES));
  const client = await w.connect();
  client.stream.write(Buffer.from(hex, "hex"));
  await w.clock.advance(10);
  expect(client.closed).toBe(true);
  expect(client.received).toHaveLength(0);
  expect(w.server.status()).toMatchObject({ requests: 0, lastFault: { code: "MODBUS_SERVER_MALFORMED" } });
});

test("requests that come at once are answered one after another, no faster than fifty a second", async () => {
  await using w = serverWorld();
  await w.configure(part(ENTRIES));
  w.show({ "a/x": 1 });
  const eager = await w.connect();
  const patient = await w.connect();
  eager.stream.write(Buffer.concat(Array.from({ length: 200 }, () => frame(READ))));
  await w.clock.advance(1_000);
  const answered = (): number => eager.received.length / REPLY_BYTES;
  // fifty at once, and fifty more within the second
  expect(answered()).toBeGreaterThanOrEqual(95);
  expect(answered()).toBeLessThanOrEqual(105);
  expect(await patient.ask(READ)).toBe("03020001");
  await w.clock.advance(3_000);
  expect(answered()).toBe(200);
});

test("whoever was slow once has no longer for the next request than for the first", async () => {
  await using w = serverWorld();
  await w.configure(part([entry("a/speed")]));
  w.show({ "a/speed": 7 });
  const client = await w.connect();
  const request = frame("0300000001");
  client.stream.write(request.subarray(0, 5));
  await w.clock.advance(1_000);
  client.stream.write(Buffer.concat([request.subarray(5), request.subarray(0, 5)]));
  await w.clock.advance(4_900);
  expect(client.closed).toBe(false);
  await w.clock.advance(200);
  expect(client.closed).toBe(true);
  expect(w.server.status()).toMatchObject({ requests: 1, lastFault: { code: "MODBUS_SERVER_MALFORMED" } });
});

test("values of one configuration are never shown for those of the next", async () => {
  await using w = serverWorld();
  await w.configure(part([entry("a/speed")]));
  w.values.take({ kind: "shown", configDigest: "before", points: [0], values: [7], qualities: [0] });
  w.values.take({ kind: "shown", configDigest: "digest", points: [], values: [], qualities: [] });
  const client = await w.connect();
  expect(await client.read(3, 0, 1)).toBe("830b");
});

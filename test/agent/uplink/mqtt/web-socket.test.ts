import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../../../agent/uplink/mqtt/connection.ts";
import { UplinkError } from "../../../../agent/uplink/mqtt/fault.ts";
import type { ByteStream } from "../../../../hal/network.ts";
import { acceptTls, tlsContext } from "../../../../hal/tls.ts";
import { openBroker } from "../../../../simulator/broker/index.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";
import type { MemoryNetwork } from "../../../../simulator/network.ts";
import { openProxy } from "../../../../simulator/proxy.ts";
import { webSocketSide } from "../../../../simulator/web-socket.ts";
import { pki, virtualTime } from "../world.ts";
import { HOST, PORT, dial } from "./dial.ts";

const clock = virtualClock();
let globals: Disposable;
const material = pki.broker(HOST);
const AT = { kind: "tcp", host: HOST, port: PORT } as const;
const WEB_SOCKET = { transport: "websocket", path: "/mqtt?site=1" } as const;
const never = new AbortController().signal;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const broker = (network: MemoryNetwork) =>
  openBroker({
    clock,
    network,
    target: AT,
    material,
    access: () => ({ publish: ["#"], subscribe: ["#"] }),
    webSocketPath: WEB_SOCKET.path,
  });

/** A TLS server that hands its bytes to `serve`. */
function secured(network: MemoryNetwork, serve: (stream: ByteStream) => void) {
  const accept = async (stream: ByteStream): Promise<void> => {
    const secure = await acceptTls(stream, { context: tlsContext(material) }, never);
    secure.on("error", () => {});
    serve(secure);
  };
  return network.listen(AT, (stream) => void accept(stream).catch(() => {}));
}

test("MQTT travels in WebSocket frames, both ways, also through a proxy", async () => {
  const network = memoryNetwork(clock);
  await using b = await broker(network);
  const proxy = { host: "proxy.test", port: 3128 };
  await using _proxy = await openProxy({ network, target: { kind: "tcp", ...proxy } });
  for (const way of [{}, { proxy }]) {
    const dialled = await dial(clock, network, { ...WEB_SOCKET, ...way });
    expect(dialled.begun).toEqual([...("proxy" in way ? ["tcp", "proxy"] : ["tcp"]), "tls", "websocket", "mqtt"]);
    void dialled.connection?.subscribe(["down"]);
    await clock.advance(10);
    let acknowledged = 0;
    dialled.connection?.publishAcknowledged("up", Buffer.alloc(70_000, 7), false, () => (acknowledged += 1));
    await b.publish("down", Buffer.from("hello"));
    await clock.advance(10);
    expect(acknowledged).toBe(1);
    expect(b.record.kept.find(({ topic }) => topic === "up")?.payload).toHaveLength(70_000);
    expect(dialled.messages).toEqual(["down"]);
    let ended = false;
    void dialled.connection?.goodbye("up", Buffer.from("bye")).then(() => (ended = true));
    await clock.advance(10);
    expect(ended).toBe(true);
    expect(b.clients()).toEqual([]);
  }
});

test("what is asked of the web server is MQTT alone, without compression", async () => {
  const network = memoryNetwork(clock);
  let asked = "";
  await using _web = await secured(network, (stream) =>
    stream.once("data", (chunk: Buffer) => (asked = String(chunk))),
  );
  await dial(clock, network, { ...WEB_SOCKET, username: "plant" });
  expect(asked).toMatch(/^GET \/mqtt\?site=1 HTTP\/1\.1\r\n/);
  expect(asked).toMatch(/^Host: broker\.test:8883\r$/im);
  expect(asked).toMatch(/^Sec-WebSocket-Protocol: mqtt\r$/im);
  expect(asked).not.toMatch(/Sec-WebSocket-Extensions|Authorization|plant/i);
});

test("a connection tells what TCP carried, frames and TLS included, also after its end", async () => {
  const network = memoryNetwork(clock);
  await using _broker = await broker(network);
  const { connection } = await dial(clock, network, WEB_SOCKET);
  const before = connection?.traffic() ?? { sent: 0, received: 0 };
  connection?.publish("t", Buffer.alloc(1_000), "live");
  await clock.advance(10);
  const after = connection?.traffic() ?? { sent: 0, received: 0 };
  // the message, MQTT's header, one frame and one TLS record for all of it
  expect(after.sent - before.sent).toBeGreaterThan(1_000);
  expect(after.sent - before.sent).toBeLessThan(1_000 + 5 + 8 + 22 + 10);
  expect(after.received).toBe(before.received);
  network.cut(HOST, PORT);
  await clock.advance(10);
  expect(connection?.traffic()).toEqual(after);
});

test("what is written in one turn shares frames, and no frame grows beyond what brokers take", async () => {
  const network = memoryNetwork(clock);
  const frames: number[] = [];
  const side = webSocketSide(WEB_SOCKET.path, (carried) => {
    carried.once("data", () => carried.write(Uint8Array.of(0x20, 2, 0, 0)));
    carried.on("data", (chunk: Buffer) => frames.push(chunk.length));
  });
  await using _web = await secured(network, (stream) => side.take(stream));
  const { connection } = await dial(clock, network, WEB_SOCKET);
  frames.length = 0;
  for (let i = 0; i < 1_000; i++) connection?.publish("t", Buffer.alloc(200), "live");
  await clock.advance(10);
  expect(frames.reduce((sum, bytes) => sum + bytes, 0)).toBe(1_000 * (3 + 3 + 200));
  expect(frames.length).toBeLessThan(10);
  expect(Math.max(...frames)).toBeLessThanOrEqual(65_536);
});

test("bytes that the network does not take are seen as waiting", async () => {
  const network = memoryNetwork(clock);
  await using _broker = await broker(network);
  const { connection } = await dial(clock, network, WEB_SOCKET);
  network.blackhole(HOST, PORT);
  for (let i = 0; i < 400; i++) connection?.publish("t", Buffer.alloc(1_000), "live");
  await clock.advance(10);
  expect(connection?.waitingBytes()).toBeGreaterThan(200_000);
  network.restore(HOST, PORT);
  await clock.advance(10);
  expect(connection?.waitingBytes()).toBe(0);
});

test("a broken network, a DISCONNECT of the broker and our own cut each end the connection with their reason", async () => {
  const network = memoryNetwork(clock);
  await using b = await broker(network);
  for (const [end, code, hint] of [
    [() => network.cut(HOST, PORT), "UPLINK_CONNECTION_LOST", "ECONNRESET"],
    [() => b.disconnectClients(), "UPLINK_CONNECTION_LOST", "ended"],
    [
      (connection) => connection?.cut(new UplinkError("UPLINK_INTERFACE_DOWN", "eth0")),
      "UPLINK_INTERFACE_DOWN",
      "eth0",
    ],
  ] satisfies [(connection: Connection | undefined) => void, string, string][]) {
    const { connection } = await dial(clock, network, WEB_SOCKET);
    let why: unknown;
    void connection?.closed.then((error) => (why = error));
    end(connection);
    await clock.advance(10);
    expect(why).toMatchObject({ code, message: expect.stringContaining(hint) });
  }
});

const PAGE = "<html>It works!</html>";
const answer = (line: string, headers = "", body = ""): string =>
  `HTTP/1.1 ${line}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;

test.each([
  ["a web page", answer("200 OK", "Content-Type: text/html\r\n", PAGE), "a web page is there, no WebSocket"],
  [
    "a redirection",
    answer("302 Found", "Location: https://elsewhere.test/\r\n"),
    'redirection to "https://elsewhere.test/"',
  ],
  ["a locked door", answer("403 Forbidden"), "does not let this gateway in"],
  ["another path", answer("404 Not Found"), "nothing is at that path"],
  ["a broker that is down behind it", answer("502 Bad Gateway"), "the broker behind the web server is down"],
  ["an upgrade to nothing", answer("101 Switching Protocols", "Upgrade: h2c\r\n"), "switched to something"],
  ["garbage", "220 mail.test ESMTP\r\n", "Parse Error"],
])("%s where a WebSocket should be is explained", async (_what, bytes, hint) => {
  const network = memoryNetwork(clock);
  await using _web = await secured(network, (stream) => stream.once("data", () => void stream.write(bytes)));
  const told = await dial(clock, network, WEB_SOCKET);
  expect(told).toMatchObject({ code: "UPLINK_WEBSOCKET_REFUSED", begun: ["tcp", "tls", "websocket"] });
  expect(told.message).toContain(hint);
});

test("a web server that never answers, and one that hangs up, are told apart", async () => {
  const network = memoryNetwork(clock);
  let hangUp = false;
  await using _web = await secured(network, (stream) => stream.once("data", () => void (hangUp && stream.end())));
  expect((await dial(clock, network, WEB_SOCKET)).code).toBe("UPLINK_WEBSOCKET_TIMEOUT");
  hangUp = true;
  expect((await dial(clock, network, WEB_SOCKET)).code).toBe("UPLINK_CONNECT_CLOSED");
});

/** One message in pieces without a byte in them. */
const FRAGMENTS = [0x02, 0, ...Array.from({ length: 2_000 }, () => [0x00, 0]).flat()];
const CLOSE_1008 = [0x88, 10, 0x03, 0xf0, ...Buffer.from("too many")];

test.each<[string, readonly number[], string, string?]>([
  ["a text frame", [0x81, 2, 0x20, 0x02], "UPLINK_PROTOCOL_ERROR"],
  ["a frame longer than any packet may be", [0x82, 127, 0, 0, 0, 0, 0, 0x20, 0, 0], "UPLINK_PROTOCOL_ERROR"],
  ["a frame of no known kind", [0x83, 0], "UPLINK_PROTOCOL_ERROR"],
  ["a masked frame", [0x82, 0x84, 1, 2, 3, 4, 1, 2, 3, 4], "UPLINK_PROTOCOL_ERROR"],
  ["a message of fragments without end", FRAGMENTS, "UPLINK_PROTOCOL_ERROR"],
  ["a Close without a word", [0x88, 0], "UPLINK_CONNECTION_LOST", "the connection ended"],
  ["a Close with its reason", CLOSE_1008, "UPLINK_CONNECTION_LOST", 'closed the WebSocket with 1008 "too many"'],
])("%s ends the connection", async (_what, bytes, code, hint = "") => {
  const network = memoryNetwork(clock);
  let raw: ByteStream | undefined;
  const side = webSocketSide(WEB_SOCKET.path, (carried) => {
    carried.once("data", () => carried.write(Uint8Array.of(0x20, 2, 0, 0)));
  });
  await using _web = await secured(network, (stream) => side.take((raw = stream)));
  const { connection } = await dial(clock, network, WEB_SOCKET);
  let why: unknown;
  void connection?.closed.then((error) => (why = error));
  raw?.write(Uint8Array.from(bytes));
  await clock.advance(50);
  expect(why).toMatchObject({ code, message: expect.stringContaining(hint) });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import type { WebhookReceiver } from "../../../../agent/config/snapshot/notify.ts";
import { DELIVERY_MS_MAX, withinTime } from "../../../../agent/uplink/notify/attempt.ts";
import { explainNotify } from "../../../../agent/uplink/notify/fault.ts";
import { receiverOf } from "../../../../agent/uplink/notify/receiver-of.ts";
import type { ByteStream } from "../../../../hal/network.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryDatagrams } from "../../../../simulator/datagram.ts";
import { seededEntropy } from "../../../../simulator/entropy.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";
import { gatewayMaterial, pki, virtualTime } from "../world.ts";
import { alarmEvent, ORIGIN, sinkSnapshot } from "./alarm-event.ts";
import { serveTls } from "./tls-receivers.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
  // loading it takes real time, of which a delivery in virtual time has none
  await import("../../../../hal/http-post.ts");
});
afterAll(() => globals[Symbol.dispose]());

const AT = { host: "hook.test", port: 443 };
const TOKEN = "a-token-of-the-works";

/** One POST to somebody who answers so, and what became of it. */
async function post(
  answer: (stream: ByteStream) => void,
  token = TOKEN,
): Promise<{ code: string; message: string; tookMs: number }> {
  const network = memoryNetwork(clock);
  const receiver: WebhookReceiver = {
    kind: "webhook",
    ...AT,
    path: "/alarms",
    serverName: AT.host,
    anchorsPath: "/anchors.pem",
  };
  await using _server = await serveTls(network, AT, pki.broker(AT.host), (stream) => {
    stream.on("error", () => {});
    stream.once("data", () => answer(stream));
  });
  const parts = {
    clock,
    network,
    datagrams: memoryDatagrams(clock, seededEntropy(1)),
    material: () => Promise.resolve({ ...gatewayMaterial, token }),
  };
  const one = receiverOf(parts, sinkSnapshot({ receiver }), ORIGIN);
  const beganMs = clock.monotonicMs();
  let ended: { code: string; message: string } | undefined;
  const batch = [{ event: alarmEvent(0), lostBefore: 0, test: false }];
  withinTime(clock, (signal) => one.deliver(batch, { classical: false }, signal), new AbortController().signal).then(
    () => void (ended = { code: "", message: "" }),
    (error: unknown) => void (ended = explainNotify(error, one.address)),
  );
  await clock.advance(1);
  if (ended === undefined) await clock.advanceUntil(() => ended !== undefined, 60_000);
  const tookMs = clock.monotonicMs() - beganMs;
  return { ...(ended as unknown as { code: string; message: string }), tookMs };
}

const saying = (text: string) => (stream: ByteStream) => void stream.write(text);

test.each([
  ["200", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", ""],
  ["204", "HTTP/1.1 204 No Content\r\n\r\n", ""],
  ["301", "HTTP/1.1 301 Moved\r\nLocation: https://other.test/\r\nContent-Length: 0\r\n\r\n", "NOTIFY_HTTP_REDIRECT"],
  ["400", "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", "NOTIFY_HTTP_REFUSED"],
  ["403", "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "NOTIFY_HTTP_UNAUTHORISED"],
  ["408", "HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n", "NOTIFY_HTTP_UNAVAILABLE"],
  ["429", "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", "NOTIFY_HTTP_UNAVAILABLE"],
  ["503", "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n", "NOTIFY_HTTP_UNAVAILABLE"],
  ["no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", "NOTIFY_HTTP_INVALID"],
  ["headers without end", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(20_000)}`, "NOTIFY_HTTP_INVALID"],
])("an answer of %s is judged at once", async (_what, text, code) => {
  const { tookMs, ...ended } = await post(saying(text));
  expect(ended.code).toBe(code);
  expect(ended.message).not.toContain(TOKEN);
  expect(tookMs).toBeLessThan(1_000);
});

test.each([
  ["floods", 20],
  ["stalls", 1],
])("a body that %s is not read to its end, and a 2xx before it counts", async (_what, chunks) => {
  const { code, tookMs } = await post((stream) => {
    stream.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (let i = 0; i < chunks; i++) stream.write(`2000\r\n${"x".repeat(0x2000)}\r\n`);
  });
  expect(code).toBe("");
  expect(tookMs).toBeLessThan(1_000);
});

test.each(["100 Continue", "102 Processing", "103 Early Hints"])(
  "a server that says %s for ever is no receiver",
  async (status) => {
    const { code, tookMs } = await post((stream) => stream.write(`HTTP/1.1 ${status}\r\n\r\n`.repeat(1_000)));
    expect(code).toBe("NOTIFY_HTTP_INVALID");
    expect(tookMs).toBeLessThan(1_000);
  },
);

test("a few of them before the answer do no harm, and a change of protocol is no answer", async () => {
  const patient = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
  expect(await post(saying(patient))).toMatchObject({ code: "" });
  const upgraded = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n";
  expect(await post(saying(upgraded))).toMatchObject({ code: "NOTIFY_HTTP_INVALID" });
});

test("a token that could end its header is refused without being quoted", async () => {
  const { code, message } = await post(() => {}, "a secret with spaces");
  expect(code).toBe("NOTIFY_MATERIAL_FAILED");
  expect(message).not.toContain("a secret");
});

test("a server that takes everything and says nothing is given up in time", async () => {
  const { code, tookMs } = await post(() => {});
  expect(code).toBe("NOTIFY_TIMEOUT");
  expect(tookMs).toBe(DELIVERY_MS_MAX);
});

test("a server that hangs up instead of answering has nothing", async () => {
  expect(await post((stream) => stream.destroy())).toMatchObject({ code: "NOTIFY_CLOSED" });
});

import { expect, test } from "vitest";
import { httpConnect } from "../../hal/http-connect.ts";
import type { ByteStream } from "../../hal/network.ts";
import { virtualClock } from "../../simulator/clock.ts";
import { memoryNetwork } from "../../simulator/network.ts";

const never = new AbortController().signal;
const QUESTION = { destination: "broker.test:443", headers: { "X-One": "1" }, headerBytesMax: 1_024 };

const AT = { kind: "tcp", host: "127.0.0.1", port: 3128 } as const;

/** One side asks, the other is told what it heard. */
async function ask(signal = never) {
  const network = memoryNetwork(virtualClock(), { segmentBytes: 7 });
  const { promise, resolve } = Promise.withResolvers<ByteStream>();
  await network.listen(AT, resolve);
  const near = await network.connect(AT, never);
  const asked = httpConnect(near, QUESTION, signal);
  asked.catch(() => {});
  return { asked, near, far: await promise };
}

function textOf(stream: ByteStream, bytes: number): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      if (text.length < bytes) return;
      stream.off("data", hear).pause();
      resolve(text);
    };
    stream.on("data", hear).resume();
  });
}

test("after a yes the stream is the tunnel, and every byte of it is the caller's", async () => {
  const { asked, near, far } = await ask();
  const request = "CONNECT broker.test:443 HTTP/1.1\r\nHost: broker.test:443\r\nX-One: 1\r\n\r\n";
  expect(await textOf(far, request.length)).toBe(request);
  far.write("HTTP/1.1 200 Yes\r\nX-Two: 2\r\n\r\n");
  const answer = await asked;
  expect(answer).toMatchObject({ statusCode: 200, statusMessage: "Yes", headers: { "x-two": "2" } });
  expect(answer.head).toHaveLength(0);
  near.write("there");
  far.write("and back");
  expect(await textOf(far, 5)).toBe("there");
  expect(await textOf(near, 8)).toBe("and back");
});

test("a no comes with its headers, and what was said too early is not lost", async () => {
  const { asked, far } = await ask();
  far.write("HTTP/1.1 407 No\r\nProxy-Authenticate: Digest x=1\r\nProxy-Authenticate: NTLM\r\n\r\nbody");
  expect(await asked).toMatchObject({
    statusCode: 407,
    headers: { "proxy-authenticate": "Digest x=1, NTLM" },
  });
});

test.each([
  ["bytes that are no HTTP", "SSH-2.0-x\r\n", "HAL_HTTP_INVALID"],
  ["headers without end", `HTTP/1.1 200 Yes\r\n${"A: b\r\n".repeat(1_000)}`, "HAL_HTTP_INVALID"],
  ["a bare line feed in a header", "HTTP/1.1 200 Yes\r\nA: b\n\r\n\r\n", "HAL_HTTP_INVALID"],
  ["the end of the stream", undefined, "HAL_HTTP_CLOSED"],
])("%s is refused by its code", async (_what, bytes, code) => {
  const { asked, far } = await ask();
  far.on("error", () => {});
  if (bytes === undefined) far.end();
  else far.write(bytes);
  await expect(asked).rejects.toMatchObject({ code });
});

test("an aborted question rejects with the signal's reason, before and after it was asked", async () => {
  const reason = new Error("enough");
  await expect((await ask(AbortSignal.abort(reason))).asked).rejects.toBe(reason);
  const abort = new AbortController();
  const { asked } = await ask(abort.signal);
  abort.abort(reason);
  await expect(asked).rejects.toBe(reason);
});

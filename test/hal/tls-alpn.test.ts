import { TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import type { ByteStream } from "../../hal/network.ts";
import { connectTls, tlsContext } from "../../hal/tls.ts";
import { virtualClock } from "../../simulator/clock.ts";
import { memoryNetwork } from "../../simulator/network.ts";
import { testPki } from "./pki.ts";

const pki = testPki();
const never = new AbortController().signal;
const target = { kind: "tcp", host: "127.0.0.1", port: 443 } as const;

/** What a server that offers these protocols agrees on with us. */
async function agreed(offered: readonly string[], alpn: string | undefined): Promise<string | false | null> {
  const network = memoryNetwork(virtualClock());
  await using _listener = await network.listen(target, (stream) => {
    const secure = new TLSSocket(stream, {
      isServer: true,
      secureContext: tlsContext(pki.server),
      requestCert: true,
      ALPNProtocols: [...offered],
    });
    secure.on("error", () => {});
  });
  const near = await network.connect(target, never);
  using secure = closing(
    await connectTls(near, { context: tlsContext(pki.client), serverName: "localhost", alpn }, never),
  );
  return (secure.stream as TLSSocket).alpnProtocol;
}

function closing(stream: ByteStream): Disposable & { readonly stream: ByteStream } {
  return { stream, [Symbol.dispose]: () => void stream.destroy() };
}

test("a named application protocol is offered, and none where none is named", async () => {
  const offered = ["http/1.1", "x-amzn-mqtt-ca"];
  expect(await agreed(offered, "x-amzn-mqtt-ca")).toBe("x-amzn-mqtt-ca");
  expect(await agreed(offered, undefined)).toBe(false);
});

test("a server without that protocol ends the handshake", async () => {
  await expect(agreed(["http/1.1"], "x-amzn-mqtt-ca")).rejects.toMatchObject({ code: "HAL_TLS_REFUSED" });
});

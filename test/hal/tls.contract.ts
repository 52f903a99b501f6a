import assert from "node:assert/strict";
import { createSecureContext } from "node:tls";
import type { SecureContext, TLSSocket } from "node:tls";
import type { ByteStream, Network } from "../../hal/network.ts";
import { acceptTls, connectTls, peerCertificate, tlsContext } from "../../hal/tls.ts";
import type { TlsMaterial } from "../../hal/tls.ts";
import type { ContractCase } from "./contract.ts";
import { really } from "./real-time.ts";

/** Certificates made elsewhere: crypto is not what is tried here. */
export interface TlsPki {
  /** names `localhost` and `127.0.0.1` */
  readonly server: TlsMaterial;
  readonly client: TlsMaterial;
  /** another site's: its own authority on both counts */
  readonly stranger: TlsMaterial;
}

const MEBIBYTE = 1024 * 1024;
const LOOPBACK = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
const never = (): AbortSignal => new AbortController().signal;

interface Met {
  /** each side's stream or what it was refused with */
  readonly client: ByteStream | Error;
  readonly server: ByteStream | Error;
  /** the streams under them */
  readonly near: ByteStream;
  readonly far: ByteStream;
}

export function tlsContract(makeNetwork: () => Network, pki: TlsPki): ContractCase[] {
  const meet = async (
    serverContext: SecureContext,
    clientContext: SecureContext,
    serverName: string,
    work: (met: Met) => Promise<void>,
  ): Promise<void> => {
    const network = makeNetwork();
    const accepted = Promise.withResolvers<ByteStream>();
    await using listener = await network.listen(LOOPBACK, accepted.resolve);
    const near = await network.connect({ ...LOOPBACK, port: listener.port ?? 0 }, never());
    const far = await accepted.promise;
    const refused = (error: Error): Error => error;
    const [client, server] = await Promise.all([
      connectTls(near, { context: clientContext, serverName }, never()).catch(refused),
      acceptTls(far, { context: serverContext }, never()).catch(refused),
    ]);
    await work({ client, server, near, far }).finally(() => near.destroy());
  };
  const trusting = (material: TlsMaterial, anchors: string): SecureContext => tlsContext({ ...material, anchors });

  return [
    {
      name: "both sides are verified, with TLS 1.3 and the hybrid group, by name and by address",
      async run() {
        for (const serverName of ["localhost", "127.0.0.1"]) {
          await meet(tlsContext(pki.server), tlsContext(pki.client), serverName, async ({ client, server }) => {
            assert.equal((client as TLSSocket).getProtocol(), "TLSv1.3");
            assert.match(JSON.stringify((client as TLSSocket).getEphemeralKeyInfo()), /"X25519MLKEM768"/);
            assert.match(peerCertificate(streamOf(client))?.subject ?? "", /CN=localhost/);
            assert.equal(peerCertificate(streamOf(client)), peerCertificate(streamOf(client)));
            assert.match(peerCertificate(streamOf(server))?.subject ?? "", /CN=client/);
          });
        }
      },
    },
    {
      name: "large amounts pass both ways against a slow reader, and the end arrives",
      async run() {
        await meet(tlsContext(pki.server), tlsContext(pki.client), "localhost", async ({ client, server }) => {
          for (const [from, to] of [
            [streamOf(client), streamOf(server)],
            [streamOf(server), streamOf(client)],
          ] as const) {
            from.write(Buffer.alloc(3 * MEBIBYTE, 7));
            let taken = 0;
            const hear = (chunk: Buffer): void => void (taken += chunk.length);
            to.on("data", hear);
            await really(() => taken === 3 * MEBIBYTE);
            to.off("data", hear);
          }
          const closed = [client, server].map((side) => once(streamOf(side), "close"));
          streamOf(client).end("goodbye");
          assert.equal(Buffer.concat((await streamOf(server).toArray()) as Buffer[]).toString(), "goodbye");
          streamOf(client).resume();
          await Promise.all(closed);
        });
      },
    },
    {
      name: "a server of another authority is not trusted",
      async run() {
        const context = trusting(pki.client, pki.stranger.anchors);
        await meet(tlsContext(pki.server), context, "localhost", async ({ client, server, near, far }) => {
          assertCode(client, "HAL_TLS_UNTRUSTED");
          assert(server instanceof Error);
          await really(() => near.destroyed && far.destroyed);
        });
      },
    },
    {
      name: "a server whose certificate names someone else is not trusted",
      async run() {
        for (const serverName of ["broker.example", "127.0.0.2", ""]) {
          await meet(tlsContext(pki.server), tlsContext(pki.client), serverName, async ({ client, near }) => {
            assertCode(client, "HAL_TLS_UNTRUSTED");
            assert.equal(near.destroyed, true);
          });
        }
      },
    },
    {
      name: "a client of another authority is not trusted, and its stream ends",
      async run() {
        const stranger = trusting(pki.stranger, pki.server.anchors);
        await meet(tlsContext(pki.server), stranger, "localhost", async ({ client, server, far }) => {
          assertCode(server, "HAL_TLS_UNTRUSTED");
          assert.equal(far.destroyed, true);
          if (client instanceof Error) return;
          client.resume();
          await really(() => client.destroyed);
        });
      },
    },
    {
      name: "a refusal that comes after our side of the handshake is the stream's error, coded, and its end",
      async run() {
        const bare = createSecureContext({ ca: pki.client.anchors, minVersion: "TLSv1.3" });
        await meet(tlsContext(pki.server), bare, "localhost", async ({ client, server }) => {
          assertCode(server, "HAL_TLS_FAILED"); // no certificate at all
          const stream = streamOf(client);
          const error = await new Promise<Error>((resolve) => stream.once("error", resolve));
          assertCode(error, "HAL_TLS_REFUSED");
          await really(() => stream.destroyed);
        });
      },
    },
    {
      name: "a peer of TLS 1.2 is refused",
      async run() {
        const { anchors: ca, certificate: cert, key } = pki.client;
        const old = createSecureContext({ ca, cert, key, maxVersion: "TLSv1.2" });
        await meet(tlsContext(pki.server), old, "localhost", async ({ client, server }) => {
          assertCode(client, "HAL_TLS_REFUSED");
          assertCode(server, "HAL_TLS_FAILED");
        });
      },
    },
    {
      name: "a peer that does not speak TLS, or hangs up, fails the handshake and nothing more",
      async run() {
        for (const answer of ["HTTP/1.1 400 Bad Request\r\n\r\n", ""]) {
          await using listener = await makeNetworkAnswering(answer);
          const attempt = connectTls(
            listener.near,
            { context: tlsContext(pki.client), serverName: "localhost" },
            never(),
          );
          await assert.rejects(attempt, { code: "HAL_TLS_FAILED" });
          assert.equal(listener.near.destroyed, true);
        }
      },
    },
    {
      name: "an aborted handshake rejects with the signal's reason and destroys the stream",
      async run() {
        const reason = new Error("enough");
        const network = makeNetwork();
        await using listener = await network.listen(LOOPBACK, () => {});
        const context = tlsContext(pki.client);
        const target = { ...LOOPBACK, port: listener.port ?? 0 };
        const late = await network.connect(target, never());
        await assert.rejects(connectTls(late, { context, serverName: "localhost" }, AbortSignal.abort(reason)), reason);
        assert.equal(late.destroyed, true);
        const near = await network.connect(target, never());
        const abort = new AbortController();
        const attempt = connectTls(near, { context, serverName: "localhost" }, abort.signal);
        abort.abort(reason);
        await assert.rejects(attempt, reason);
        assert.equal(near.destroyed, true);
      },
    },
  ];

  async function makeNetworkAnswering(answer: string): Promise<AsyncDisposable & { near: ByteStream }> {
    const network = makeNetwork();
    const listener = await network.listen(LOOPBACK, (stream) => void stream.end(answer));
    const near = await network.connect({ ...LOOPBACK, port: listener.port ?? 0 }, never());
    return { near, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() };
  }
}

function streamOf(side: ByteStream | Error): ByteStream {
  if (side instanceof Error) throw side;
  return side;
}

function assertCode(side: ByteStream | Error, code: string): void {
  assert(side instanceof Error, `accepted, ${code} expected`);
  assert.equal((side as { code?: unknown }).code, code, side.message);
}

function once(stream: ByteStream, event: string): Promise<void> {
  return new Promise((resolve) => stream.once(event, () => resolve()));
}

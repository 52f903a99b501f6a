import type { SecureContext } from "node:tls";
import type { Clock } from "../../hal/clock.ts";
import type { ByteStream } from "../../hal/network.ts";
import { acceptTls, peerCertificate } from "../../hal/tls.ts";

const HANDSHAKE_MS_MAX = 10_000;

export interface Identified {
  readonly stream: ByteStream;
  /** common name of the certificate that the other end proved to own */
  readonly identity: string;
}

/** The server's side of mutual TLS; undefined where the handshake failed or took too long. */
export async function acceptIdentified(
  clock: Clock,
  plain: ByteStream,
  context: SecureContext,
): Promise<Identified | undefined> {
  const patience = new AbortController();
  using _timer = clock.after(HANDSHAKE_MS_MAX, () => patience.abort(new Error("no handshake in time")));
  const stream = await acceptTls(plain, { context }, patience.signal).catch(() => undefined);
  if (stream === undefined) return undefined;
  stream.on("error", () => {});
  const commonName: unknown = peerCertificate(stream)?.toLegacyObject().subject.CN;
  return { stream, identity: typeof commonName === "string" ? commonName : "" };
}

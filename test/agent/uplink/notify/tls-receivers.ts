import { once } from "node:events";
import { acceptTls, tlsContext } from "../../../../hal/tls.ts";
import type { ByteStream } from "../../../../hal/network.ts";
import type { MemoryNetwork } from "../../../../simulator/network.ts";
import type { TlsMaterial } from "../../../../hal/tls.ts";

/** Somebody behind TLS, who is handed each connection and what its client has sent so far. */
export async function serveTls(
  network: MemoryNetwork,
  target: { readonly host: string; readonly port: number },
  material: TlsMaterial,
  serve: (stream: ByteStream, raw: ByteStream) => void,
): Promise<AsyncDisposable> {
  const context = tlsContext(material);
  return network.listen({ kind: "tcp", ...target }, (raw) => {
    acceptTls(raw, { context }, new AbortController().signal).then(
      (stream) => serve(stream, raw),
      () => {},
    );
  });
}

/** A syslog receiver: takes frames until the client ends, and then ends as well. */
export async function serveSyslog(
  network: MemoryNetwork,
  target: { readonly host: string; readonly port: number },
  material: TlsMaterial,
  messages: string[],
): Promise<AsyncDisposable> {
  return serveTls(network, target, material, (stream) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    void once(stream, "end").then(() => {
      messages.push(...frames(Buffer.concat(chunks)));
      stream.end();
    });
  });
}

/** @see RFC 5425 §4.3 */
export function frames(bytes: Buffer): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.subarray(at, space).toString());
    found.push(bytes.subarray(space + 1, space + 1 + length).toString());
    at = space + 1 + length;
  }
  return found;
}

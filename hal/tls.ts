import type { SecureContext } from "node:tls";
import type { ByteStream } from "./network.ts";

/** PEM texts. The key is the caller's own; anchors are the only roots: the system's store is never consulted. */
export interface TlsMaterial {
  readonly anchors: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * One context per process and identity, shared by every connection: a context per connection reloads the key each
 * time and exhausts a TPM. TLS 1.3 only.
 * @throws {HalError} `HAL_TLS_MATERIAL`
 */
export declare function tlsContext(material: TlsMaterial): SecureContext;

/**
 * Client side of TLS 1.3 with a client certificate over any stream; resolves after the handshake with a verified peer.
 * The stream is destroyed where the handshake fails or the signal aborts.
 * @throws {HalError} `HAL_TLS_UNTRUSTED`, `HAL_TLS_REFUSED`, `HAL_TLS_FAILED`
 */
export declare function connectTls(
  stream: ByteStream,
  options: { readonly context: SecureContext; readonly serverName: string },
  signal: AbortSignal,
): Promise<ByteStream>;

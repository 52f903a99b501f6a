import { isIP } from "node:net";
import { TLSSocket, checkServerIdentity, connect } from "node:tls";
import type { SecureContext } from "node:tls";
import { HalError } from "./error.ts";
import type { ByteStream } from "./network.ts";
import { blamePeer, rememberPeer } from "./tls-peer.ts";
import { tlsReason } from "./tls-reason.ts";

export { tlsClientContext, tlsContext } from "./tls-context.ts";
export type { TlsClientMaterial, TlsMaterial, TlsOffer } from "./tls-context.ts";
export { peerCertificate, refusedCertificate, tlsAgreement } from "./tls-peer.ts";
export type { TlsAgreement } from "./tls-peer.ts";

/**
 * Client side of TLS with a client certificate over any stream; resolves after the handshake with a verified peer.
 * The stream is destroyed where the handshake fails or the signal aborts. In TLS 1.3 a server judges our certificate
 * after our side of the handshake is done: its refusal is the stream's first `error`, `HAL_TLS_REFUSED`.
 * @param options.serverName whom the server's certificate must name, host name or address
 * @param options.alpn application protocol to name, for servers that tell their services apart by it (RFC 7301)
 * @throws {HalError} `HAL_TLS_UNTRUSTED`, `HAL_TLS_REFUSED`, `HAL_TLS_FAILED`
 */
export function connectTls(
  stream: ByteStream,
  options: { readonly context: SecureContext; readonly serverName: string; readonly alpn?: string | undefined },
  signal: AbortSignal,
): Promise<ByteStream> {
  const { context, serverName, alpn } = options;
  const open = (): TLSSocket => {
    const socket = connect({
      socket: stream,
      secureContext: context,
      ...(alpn === undefined ? {} : { ALPNProtocols: [alpn] }),
      // An address may be verified but, by RFC 6066 §3, not sent.
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
      rejectUnauthorized: true, // said aloud: the environment could otherwise turn it off
    });
    // before Node's own listener, which judges and closes
    socket.prependOnceListener("secure", () => rememberPeer(socket));
    return socket;
  };
  return handshake(stream, open, "secureConnect", () => undefined, signal);
}

/**
 * Server side of TLS over any stream; resolves after the handshake with a client whose certificate chains to the
 * context's anchors. Who that client is, is the caller's to ask: `peerCertificate`.
 * The stream is destroyed where the handshake fails or the signal aborts.
 * @throws {HalError} `HAL_TLS_UNTRUSTED`, `HAL_TLS_REFUSED`, `HAL_TLS_FAILED`
 */
export function acceptTls(
  stream: ByteStream,
  options: { readonly context: SecureContext },
  signal: AbortSignal,
): Promise<ByteStream> {
  const open = (): TLSSocket =>
    new TLSSocket(stream, {
      isServer: true,
      secureContext: options.context,
      requestCert: true,
      rejectUnauthorized: true,
    });
  return handshake(stream, open, "secure", clientVerdict, signal);
}

function handshake(
  stream: ByteStream,
  open: () => TLSSocket,
  done: "secure" | "secureConnect",
  verdict: (socket: TLSSocket) => Error | undefined,
  signal: AbortSignal,
): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      stream.destroy();
      reject(signal.reason as Error);
      return;
    }
    const socket = open();
    speakOurCodes(socket);
    const settle = (): void => {
      signal.removeEventListener("abort", onAbort);
      socket.off("close", onClose);
      socket.off("error", onError);
    };
    const fail = (error: Error): void => {
      settle();
      blamePeer(error, socket);
      socket.destroy();
      stream.destroy();
      reject(error);
    };
    const onAbort = (): void => fail(signal.reason as Error);
    const onError = (cause: Error): void => fail(inHandshake(cause));
    const onClose = (): void => fail(inHandshake(new Error("the connection ended")));
    socket.once("error", onError);
    socket.once("close", onClose);
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once(done, () => {
      const refusal = verdict(socket);
      if (refusal !== undefined) {
        fail(refusal);
        return;
      }
      settle();
      // of TLS 1.2 alone; nobody here has a use for a peer that begins again in the middle
      socket.disableRenegotiation();
      resolve(socket);
    });
  });
}

/** A bare server-side TLSSocket finishes the handshake with any client certificate and leaves the verdict to us. */
function clientVerdict(socket: TLSSocket): Error | undefined {
  const handle = (socket as unknown as { _handle?: { verifyError?: () => Error | null } })._handle;
  if (typeof handle?.verifyError !== "function") {
    return new HalError("HAL_TLS_FAILED", "this runtime does not say whether the client's certificate was verified");
  }
  const cause = handle.verifyError();
  if (cause === null && socket.getPeerX509Certificate() !== undefined) return undefined;
  return new HalError("HAL_TLS_UNTRUSTED", `the client's certificate: ${tlsReason(cause ?? "none")}`, { cause });
}

/** Node reports an alert after the handshake by `emit` alone and leaves the socket open: here it is coded and the end. */
function speakOurCodes(socket: TLSSocket): void {
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean;
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean =>
    emit(event, ...(event === "error" ? [halError(socket, args[0] as Error)] : args));
  // Stays for good: whoever takes the stream may attach its own listener a moment too late.
  socket.on("error", () => socket.destroy());
}

/** Alerts that say our bytes were damaged on the way, not that we are unwelcome. */
const BROKEN_ALERT = /_ALERT_(?:BAD_RECORD_MAC|RECORD_OVERFLOW|UNEXPECTED_MESSAGE|DECODE_ERROR|INTERNAL_ERROR)$/;

function halError(socket: TLSSocket, cause: Error): Error {
  if (cause instanceof HalError) return cause;
  const code = (cause as { code?: unknown }).code;
  const openssl = typeof code === "string" && code.startsWith("ERR_SSL_");
  if (openssl && code.includes("_ALERT_") && !BROKEN_ALERT.test(code)) {
    return new HalError("HAL_TLS_REFUSED", `the peer refused: ${tlsReason(cause)}`, { cause });
  }
  // Only verification sets this; the types forget that it is null until then.
  if ((socket.authorizationError as unknown) !== null && socket.authorizationError !== undefined) {
    return new HalError("HAL_TLS_UNTRUSTED", `the peer's certificate: ${tlsReason(cause)}`, { cause });
  }
  return openssl ? new HalError("HAL_TLS_FAILED", tlsReason(cause), { cause }) : cause;
}

function inHandshake(cause: Error): HalError {
  if (cause instanceof HalError) return cause;
  return new HalError("HAL_TLS_FAILED", `the TLS handshake failed: ${cause.message}`, { cause });
}

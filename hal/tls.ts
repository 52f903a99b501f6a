import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { TLSSocket, checkServerIdentity, connect, createSecureContext } from "node:tls";
import type { SecureContext } from "node:tls";
import { HalError } from "./error.ts";
import type { ByteStream } from "./network.ts";

/** The hybrid first: what is recorded today stays closed to tomorrow's quantum computer. */
const GROUPS = "X25519MLKEM768:X25519:P-256";

/** PEM texts. The key is the caller's own; anchors are the only roots: the system's store is never consulted. */
export interface TlsMaterial {
  readonly anchors: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * One context per process and identity, shared by every connection: a context per connection reloads the key each
 * time and exhausts a TPM. TLS 1.3 only. It serves both sides.
 * @throws {HalError} `HAL_TLS_MATERIAL`
 */
export function tlsContext(material: TlsMaterial): SecureContext {
  try {
    if (material.key === "") throw new Error("no key"); // Node would make a context without any identity
    return createSecureContext({
      ca: certificates(material.anchors),
      cert: certificates(material.certificate).join("\n"),
      key: material.key,
      minVersion: "TLSv1.3",
      maxVersion: "TLSv1.3",
      ecdhCurve: GROUPS,
    });
  } catch (cause) {
    // The cause's text names what does not parse, never what it holds.
    throw new HalError("HAL_TLS_MATERIAL", `our TLS material cannot be used: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Client side of TLS 1.3 with a client certificate over any stream; resolves after the handshake with a verified peer.
 * The stream is destroyed where the handshake fails or the signal aborts. In TLS 1.3 a server judges our certificate
 * after our side of the handshake is done: its refusal is the stream's first `error`, `HAL_TLS_REFUSED`.
 * @param options.serverName whom the server's certificate must name, host name or address
 * @throws {HalError} `HAL_TLS_UNTRUSTED`, `HAL_TLS_REFUSED`, `HAL_TLS_FAILED`
 */
export function connectTls(
  stream: ByteStream,
  options: { readonly context: SecureContext; readonly serverName: string },
  signal: AbortSignal,
): Promise<ByteStream> {
  const { context, serverName } = options;
  const open = (): TLSSocket =>
    connect({
      socket: stream,
      secureContext: context,
      // An address may be verified but, by RFC 6066 §3, not sent.
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
      rejectUnauthorized: true, // said aloud: the environment could otherwise turn it off
    });
  return handshake(stream, open, "secureConnect", () => undefined, signal);
}

/**
 * Server side of TLS 1.3 over any stream; resolves after the handshake with a client whose certificate chains to the
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

/** The certificate the other side of a stream from here proved to own. */
export function peerCertificate(stream: ByteStream): X509Certificate | undefined {
  return stream instanceof TLSSocket ? stream.getPeerX509Certificate() : undefined;
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
  return new HalError("HAL_TLS_UNTRUSTED", `the client's certificate: ${messageOf(cause ?? "none")}`, { cause });
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
    return new HalError("HAL_TLS_REFUSED", `the peer refused: ${messageOf(cause)}`, { cause });
  }
  // Only verification sets this; the types forget that it is null until then.
  if ((socket.authorizationError as unknown) !== null && socket.authorizationError !== undefined) {
    return new HalError("HAL_TLS_UNTRUSTED", `the peer's certificate: ${messageOf(cause)}`, { cause });
  }
  return openssl ? new HalError("HAL_TLS_FAILED", messageOf(cause), { cause }) : cause;
}

function inHandshake(cause: Error): HalError {
  if (cause instanceof HalError) return cause;
  return new HalError("HAL_TLS_FAILED", `the TLS handshake failed: ${cause.message}`, { cause });
}

/** @throws {Error} where there is none: with an empty list Node would silently fall back to the system's roots */
function certificates(pem: string): string[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (found === null) throw new Error("no certificate in PEM form");
  return found.map((one) => new X509Certificate(one).toString());
}

/** OpenSSL's reason alone: its message carries addresses and build paths, and a verdict's carries advice we never give. */
function messageOf(cause: unknown): string {
  const { reason, code, message } = cause as { reason?: unknown; code?: unknown; message?: unknown };
  const verdict = typeof code === "string" && !code.startsWith("ERR_") ? code : undefined;
  return String((typeof reason === "string" ? reason : verdict) ?? message ?? cause);
}

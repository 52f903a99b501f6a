import { X509Certificate } from "node:crypto";
import { TLSSocket } from "node:tls";
import type { ByteStream } from "./network.ts";

/** Node hands a server's certificate out once, and none at all once it has refused it. */
const shown = new WeakMap<TLSSocket | Error, X509Certificate>();

/** The certificate the other side of a stream of `hal/tls` proved to own. */
export function peerCertificate(stream: ByteStream): X509Certificate | undefined {
  if (!(stream instanceof TLSSocket)) return undefined;
  const certificate = shown.get(stream) ?? stream.getPeerX509Certificate();
  if (certificate !== undefined) shown.set(stream, certificate);
  return certificate;
}

/** Remembers whose certificate it is that is about to be judged. */
export function rememberPeer(socket: TLSSocket): void {
  // empty, whatever the types say, where the peer showed none
  const { raw } = socket.getPeerCertificate() as { readonly raw?: Buffer };
  if (raw !== undefined) shown.set(socket, new X509Certificate(raw));
}

/** Ties a refusal to the certificate it is about. */
export function blamePeer(refusal: Error, socket: TLSSocket): void {
  const certificate = shown.get(socket);
  if (certificate !== undefined) shown.set(refusal, certificate);
}

/** The certificate that a `HAL_TLS_UNTRUSTED` of `connectTls` is about: anybody may have made it, so believe nothing in it. */
export function refusedCertificate(refusal: Error): X509Certificate | undefined {
  return shown.get(refusal);
}

/** What a handshake came to. */
export interface TlsAgreement {
  /** such as TLSv1.3 */
  readonly version: string;
  /** its IANA name */
  readonly cipher: string;
  /** key exchange, such as X25519MLKEM768; empty where this runtime does not tell */
  readonly group: string;
}

/** What the two sides of a stream from here agreed on. */
export function tlsAgreement(stream: ByteStream): TlsAgreement | undefined {
  if (!(stream instanceof TLSSocket)) return undefined;
  // null once the socket is destroyed, and without a name on the side of a server
  const exchange = stream.getEphemeralKeyInfo() as { readonly name?: string } | null;
  const group = exchange?.name ?? "";
  return {
    version: stream.getProtocol() ?? "",
    cipher: stream.getCipher().standardName,
    group: group === "prime256v1" ? "P-256" : group,
  };
}

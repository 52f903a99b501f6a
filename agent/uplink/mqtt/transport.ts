import { HalError } from "../../../hal/error.ts";
import type { ByteStream, Network, NetworkStream } from "../../../hal/network.ts";
import { connectTls, peerCertificate, tlsAgreement } from "../../../hal/tls.ts";
import type { BrokerSnapshot } from "../../config/snapshot.ts";
import type { TlsFacts } from "../../contract/uplink-status.ts";
import type { BrokerCredentials } from "../credentials.ts";
import { UplinkError } from "./fault.ts";
import { reach } from "./reach.ts";
import type { ReachRequest } from "./reach.ts";
import type { StepWatch } from "./steps.ts";

/** A stream of bytes that only the broker reads, and what is under it. */
export interface Transport {
  /** what MQTT is spoken over: TLS, or WebSocket over TLS */
  readonly stream: ByteStream;
  readonly secure: ByteStream;
  readonly socket: NetworkStream;
  readonly tls: TlsFacts;
}

export interface TransportRequest extends ReachRequest {
  readonly credentials: BrokerCredentials;
}

/**
 * TCP, the proxy's tunnel, TLS and WebSocket, as far as the broker is reached by them. TLS ends at the broker whatever
 * stands on the way. Where a name has several addresses and what stands at one proves not to be the broker, the next is
 * tried. Whatever was opened is closed again where a step fails.
 * @throws {UplinkError | HalError} of the step that failed; the signal's reason where it aborts
 */
export async function openTransport(
  network: Network,
  request: TransportRequest,
  watch: StepWatch,
  signal: AbortSignal,
): Promise<Transport> {
  const addresses = reach(network, request);
  let failure: unknown;
  for (;;) {
    if (failure === undefined) watch.begun("tcp");
    const socket = await addresses.next(signal).catch((error: unknown) => {
      // whoever answered is told of, rather than whoever did not
      throw failure ?? error;
    });
    const { localAddress = "", remoteAddress = "" } = socket;
    watch.taken({ step: "tcp", localAddress, remoteAddress });
    let proven = false;
    try {
      const secure = await secured(socket, request, watch, signal);
      proven = true;
      return await carried(secure, socket, request.broker, watch, signal);
    } catch (error) {
      socket.destroy();
      // a proxy never proves who it is, and its refusal is not to be asked for twice
      const elsewhere = !proven && request.broker.proxy === undefined && addresses.mayHaveMore();
      if (!elsewhere || signal.aborted) throw error;
      failure = error;
      watch.missed?.(error);
    }
  }
}

async function secured(
  socket: NetworkStream,
  { broker, credentials }: TransportRequest,
  watch: StepWatch,
  signal: AbortSignal,
): Promise<ByteStream> {
  const { proxy } = broker;
  if (proxy !== undefined) {
    watch.begun("proxy");
    const { openTunnel } = await import("./proxy-tunnel.ts");
    await openTunnel(socket, { broker, proxy, password: credentials.proxyPassword }, signal);
    watch.taken({ step: "proxy" });
  }
  watch.begun("tls");
  const options = { context: credentials.context, serverName: broker.serverName, alpn: broker.alpn };
  return connectTls(socket, options, signal).catch((error: unknown) => {
    throw proxy === undefined ? error : throughProxy(error);
  });
}

async function carried(
  secure: ByteStream,
  socket: NetworkStream,
  broker: BrokerSnapshot,
  watch: StepWatch,
  signal: AbortSignal,
): Promise<Transport> {
  const tls = factsOf(secure);
  watch.taken({ step: "tls", facts: tls, peer: peerCertificate(secure) });
  if (broker.transport === "tcp") return { stream: secure, secure, socket, tls };
  watch.begun("websocket");
  const { openWebSocket } = await import("./web-socket.ts");
  const stream = await openWebSocket(secure, broker, signal);
  watch.taken({ step: "websocket" });
  return { stream, secure, socket, tls };
}

/** Where even the first bytes are no TLS, a proxy said yes and opened nothing. */
function throughProxy(error: unknown): unknown {
  if (!(error instanceof HalError) || !/wrong version number|packet length too long/.test(error.message)) return error;
  const said = "the proxy says that the tunnel is open, but what comes out of it is no TLS";
  return new UplinkError("UPLINK_PROXY_NO_TUNNEL", said, { cause: error });
}

function factsOf(secure: ByteStream): TlsFacts {
  const { version, cipher, group } = tlsAgreement(secure) ?? { version: "", cipher: "", group: "" };
  return { version, cipher, group };
}

import { HalError } from "../../../hal/error.ts";
import type { ByteStream, Network, NetworkStream } from "../../../hal/network.ts";
import { connectTls, peerCertificate, tlsAgreement } from "../../../hal/tls.ts";
import type { BrokerSnapshot } from "../../config/snapshot.ts";
import type { TlsFacts } from "../../contract/uplink-status.ts";
import type { BrokerCredentials } from "../credentials.ts";
import { UplinkError } from "./fault.ts";
import type { StepWatch } from "./steps.ts";

/** A stream of bytes that only the broker reads, and what is under it. */
export interface Transport {
  /** what MQTT is spoken over: TLS, or WebSocket over TLS */
  readonly stream: ByteStream;
  readonly secure: ByteStream;
  readonly socket: NetworkStream;
  readonly tls: TlsFacts;
}

export interface TransportRequest {
  readonly broker: BrokerSnapshot;
  /** leave by this network interface only */
  readonly interfaceName?: string | undefined;
  readonly credentials: BrokerCredentials;
}

/**
 * TCP, the proxy's tunnel, TLS and WebSocket, as far as the broker is reached by them. TLS ends at the broker whatever
 * stands on the way. Whatever was opened is closed again where a step fails.
 * @throws {UplinkError | HalError} of the step that failed; the signal's reason where it aborts
 */
export async function openTransport(
  network: Network,
  { broker, interfaceName, credentials }: TransportRequest,
  watch: StepWatch,
  signal: AbortSignal,
): Promise<Transport> {
  const { proxy } = broker;
  watch.begun("tcp");
  const socket = await reach(network, broker, interfaceName, signal);
  try {
    watch.taken({ step: "tcp", ...addressesOf(socket) });
    if (proxy !== undefined) {
      watch.begun("proxy");
      const { openTunnel } = await import("./proxy-tunnel.ts");
      await openTunnel(socket, { broker, proxy, password: credentials.proxyPassword }, signal);
      watch.taken({ step: "proxy" });
    }
    watch.begun("tls");
    const options = { context: credentials.context, serverName: broker.serverName, alpn: broker.alpn };
    const secure = await connectTls(socket, options, signal).catch((error: unknown) => {
      throw proxy === undefined ? error : throughProxy(error);
    });
    const tls = factsOf(secure);
    watch.taken({ step: "tls", facts: tls, peer: peerCertificate(secure) });
    if (broker.transport === "tcp") return { stream: secure, secure, socket, tls };
    watch.begun("websocket");
    const { openWebSocket } = await import("./web-socket.ts");
    const stream = await openWebSocket(secure, broker, signal);
    watch.taken({ step: "websocket" });
    return { stream, secure, socket, tls };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function reach(
  network: Network,
  { host, port, proxy }: BrokerSnapshot,
  interfaceName: string | undefined,
  signal: AbortSignal,
): Promise<NetworkStream> {
  const target = { kind: "tcp", host: proxy?.host ?? host, port: proxy?.port ?? port } as const;
  try {
    return await network.connect({ ...target, ...(interfaceName === undefined ? {} : { interfaceName }) }, signal);
  } catch (error) {
    // the interface's own trouble has nothing to do with who is at its other end
    if (proxy === undefined || !(error instanceof HalError) || error.code.startsWith("HAL_INTERFACE_")) throw error;
    throw new UplinkError("UPLINK_PROXY_AWAY", `the proxy is not reached: ${error.message}`, { cause: error });
  }
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

function addressesOf(socket: NetworkStream): { readonly localAddress: string; readonly remoteAddress: string } {
  const { localAddress = "", remoteAddress = "" } = socket as Partial<Record<string, string>> & NetworkStream;
  return { localAddress, remoteAddress };
}

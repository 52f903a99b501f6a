import { dirname, resolve } from "node:path";
import { parseBrokerUrl } from "../broker-url.ts";
import type { Loose } from "../loose.ts";
import { PROFILES, packetBytesTaken } from "../profiles/index.ts";
import { parseProxyUrl } from "../proxy-url.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Broker } from "../schema/broker.ts";
import type { BrokerSnapshot, ProxySnapshot } from "../snapshot.ts";

const PACKET_BYTES_MAX_DEFAULT = 262_144;

/** Longest packet: as written, or the usual one where the broker takes that much. */
export function packetBytesMaxOf({ packetBytesMax, profile = "generic" }: Loose<Broker>): number {
  const { limits } = PROFILES[profile];
  return packetBytesMax ?? Math.min(PACKET_BYTES_MAX_DEFAULT, packetBytesTaken(limits));
}

/** @param broker with everything it inherits @param fileName of the configuration, in whose folder relative names begin */
export function buildBroker(broker: Broker, file: GatewayFile, fileName: string): BrokerSnapshot {
  const { properties } = Broker;
  const { limits, alpn } = PROFILES[broker.profile ?? defaultOf(properties.profile)];
  const address = parseBrokerUrl(broker.url);
  if ("fault" in address) throw new TypeError("a broker address that was refused was to be built");
  const folder = dirname(fileName);
  const proxy = broker.proxy === undefined ? undefined : buildProxy(broker.proxy, folder);
  return {
    ...address,
    serverName: broker.serverName ?? address.host,
    ...(alpn?.port === address.port && address.transport === "tcp" ? { alpn: alpn.name } : {}),
    ...(proxy === undefined ? {} : { proxy }),
    tlsVersionMin: broker.tlsVersionMin ?? defaultOf(properties.tlsVersionMin),
    hybridOnly: broker.hybridOnly ?? defaultOf(properties.hybridOnly),
    protocol: broker.protocol ?? defaultOf(properties.protocol),
    clientId: broker.clientId ?? `${file.site}-${file.device}`,
    ...(broker.username === undefined ? {} : { username: broker.username }),
    keepaliveS: broker.keepaliveS ?? defaultOf(properties.keepaliveS),
    keepaliveSMin: broker.keepaliveSMin ?? defaultOf(properties.keepaliveSMin),
    connectTimeoutMs: broker.connectTimeoutMs ?? defaultOf(properties.connectTimeoutMs),
    retryMsMin: broker.retryMsMin ?? defaultOf(properties.retryMsMin),
    retryMsMax: broker.retryMsMax ?? defaultOf(properties.retryMsMax),
    packetBytesMax: packetBytesMaxOf(broker),
    retains: limits.retains,
    ...(limits.publishesPerSecondMax === undefined ? {} : { publishesPerSecondMax: limits.publishesPerSecondMax }),
    ...(limits.bytesPerSecondMax === undefined ? {} : { bytesPerSecondMax: limits.bytesPerSecondMax }),
    anchorsPath: resolve(folder, broker.anchors),
    certificatePath: resolve(folder, broker.certificate),
    keyPath: resolve(folder, broker.key),
    ...(broker.passwordFile === undefined ? {} : { passwordPath: resolve(folder, broker.passwordFile) }),
  };
}

function buildProxy({ url, username, passwordFile }: NonNullable<Broker["proxy"]>, folder: string): ProxySnapshot {
  const address = parseProxyUrl(url);
  if ("fault" in address) throw new TypeError("a proxy address that was refused was to be built");
  return {
    ...address,
    ...(username === undefined ? {} : { username }),
    ...(passwordFile === undefined ? {} : { passwordPath: resolve(folder, passwordFile) }),
  };
}

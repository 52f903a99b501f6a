import { dirname, resolve } from "node:path";
import { parseBrokerUrl } from "../broker-url.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Broker, Uplink } from "../schema/uplink.ts";
import type { BrokerSnapshot, UplinkSnapshot } from "../snapshot.ts";

/** What `uplink` is told. @param fileName of the configuration: PEM files are named relative to its folder */
export function buildUplink(file: GatewayFile, fileName: string): UplinkSnapshot {
  const { site, device, uplink } = file;
  return {
    site,
    device,
    broker: buildBroker(file, fileName),
    sparkplug: { group: uplink.sparkplug?.group ?? site, edgeNode: uplink.sparkplug?.edgeNode ?? device },
    rebirthsPerMinute: uplink.rebirthsPerMinute ?? defaultOf(Uplink.properties.rebirthsPerMinute),
    publishMs: uplink.publishMs ?? defaultOf(Uplink.properties.publishMs),
  };
}

function buildBroker(file: GatewayFile, fileName: string): BrokerSnapshot {
  const { broker } = file.uplink;
  const { properties } = Broker;
  const address = parseBrokerUrl(broker.url);
  if ("fault" in address) throw new TypeError("a broker address that was refused was to be built");
  const interfaceName = file.interfaces?.uplink;
  const folder = dirname(fileName);
  return {
    host: address.host,
    port: address.port,
    serverName: broker.serverName ?? address.host,
    ...(interfaceName === undefined ? {} : { interfaceName }),
    protocol: broker.protocol ?? defaultOf(properties.protocol),
    clientId: broker.clientId ?? `${file.site}-${file.device}`,
    keepaliveS: broker.keepaliveS ?? defaultOf(properties.keepaliveS),
    connectTimeoutMs: broker.connectTimeoutMs ?? defaultOf(properties.connectTimeoutMs),
    retryMsMin: broker.retryMsMin ?? defaultOf(properties.retryMsMin),
    retryMsMax: broker.retryMsMax ?? defaultOf(properties.retryMsMax),
    packetBytesMax: broker.packetBytesMax ?? defaultOf(properties.packetBytesMax),
    anchorsPath: resolve(folder, broker.anchors),
    certificatePath: resolve(folder, broker.certificate),
    keyPath: resolve(folder, broker.key),
  };
}

import type { GatewayFile } from "../schema.ts";
import { defaultOf } from "../schema.ts";
import { Fleet, Uplink } from "../schema/uplink.ts";
import type { UplinkSnapshot } from "../snapshot.ts";
import type { PointTypes } from "../expression/point-types.ts";
import { brokersOf } from "../brokers.ts";
import { buildBroker } from "./broker.ts";
import { buildModbusServer } from "./modbus-server.ts";
import { buildNotify } from "./notify.ts";

/** What `uplink` is told. @param fileName of the configuration: PEM files are named relative to its folder */
export function buildUplink(file: GatewayFile, fileName: string, points: PointTypes): UplinkSnapshot {
  const { site, device, uplink } = file;
  const { properties } = Uplink;
  const { sparkplug, budget, fleet } = uplink;
  const [first, ...others] = brokersOf(uplink);
  return {
    site,
    device,
    brokers: [
      buildBroker(first.broker, file, fileName),
      ...others.map(({ broker }) => buildBroker(broker, file, fileName)),
    ],
    interfaceNames: file.interfaces?.uplink ?? [],
    returnMs: uplink.returnMs ?? defaultOf(properties.returnMs),
    sparkplug: {
      group: sparkplug?.group ?? site,
      edgeNode: sparkplug?.edgeNode ?? device,
      ...(sparkplug?.primaryHost === undefined ? {} : { primaryHost: sparkplug.primaryHost }),
    },
    managementPrefix: uplink.managementPrefix ?? defaultOf(properties.managementPrefix),
    rebirthsPerMinute: uplink.rebirthsPerMinute ?? defaultOf(properties.rebirthsPerMinute),
    publishMs: uplink.publishMs ?? defaultOf(properties.publishMs),
    ...(file.notify === undefined ? {} : { notify: buildNotify(file.notify, fileName) }),
    ...(file.modbusServer === undefined ? {} : { modbusServer: buildModbusServer(file.modbusServer, points) }),
    budget: { day: budget?.day ?? {}, month: budget?.month ?? {} },
    ...(fleet === undefined
      ? {}
      : {
          fleet: {
            gateways: fleet.gateways,
            connectsPerSecond: fleet.connectsPerSecond ?? defaultOf(Fleet.properties.connectsPerSecond),
          },
        }),
  };
}

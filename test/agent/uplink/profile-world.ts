import { PROFILES } from "../../../agent/config/profiles/index.ts";
import type { ProfileName } from "../../../agent/config/profiles/index.ts";
import type { BrokerSnapshot } from "../../../agent/config/snapshot.ts";
import { gatewayAccess, openLimitedBroker } from "../../../simulator/broker/index.ts";
import type { Access, LimitedBroker } from "../../../simulator/broker/index.ts";
import type { VirtualClock } from "../../../simulator/clock.ts";
import { edited, snapshotOf } from "../config/gateway-file.ts";
import { worldOn } from "./world.ts";
import type { World, WorldOptions } from "./world.ts";

/** Everything this gateway may be called, at its longest. */
export const LONG_NAMES = {
  site: "s".repeat(64),
  device: "d".repeat(64),
  sparkplug: { group: "g".repeat(64), edgeNode: "e".repeat(64) },
};

/** What the compiler makes of a profile, without what is only where the broker is. */
export function compiledFor(
  profile: ProfileName,
  edits: Readonly<Record<string, unknown>> = {},
): Partial<BrokerSnapshot> {
  const username = PROFILES[profile].usernameNeeded ? "gateway-1" : undefined;
  const text = edited({ "uplink.broker.profile": profile, "uplink.broker.username": username, ...edits });
  const { host: _h, port: _p, serverName: _s, clientId: _c, ...rest } = snapshotOf(text).uplink.brokers[0];
  return rest;
}

/** A gateway at a broker that takes exactly what that profile says, or less where `packetBytesMax` does. */
export function profileWorld(
  clock: VirtualClock,
  profile: ProfileName,
  options: WorldOptions & { readonly access?: Access; readonly packetBytesMax?: number } = {},
): Promise<World<LimitedBroker>> {
  const { limits, usernameNeeded } = PROFILES[profile];
  const { packetBytesMax = limits.packetBytesMax } = options;
  const { site = "harbour", device = "gw-1", sparkplug, managementPrefix = "holdfast/v1" } = options.part ?? {};
  const { group, edgeNode } = sparkplug ?? { group: "harbour", edgeNode: "gw-1" };
  const rights = gatewayAccess({ group, edgeNode, site, device });
  const access = options.access ?? {
    publish: [...rights.publish, `${managementPrefix}/${site}/${device}/#`],
    subscribe: rights.subscribe,
  };
  return worldOn(
    (place) =>
      openLimitedBroker({ ...place, access: () => access, limits: { ...limits, packetBytesMax }, usernameNeeded }),
    clock,
    options,
  );
}

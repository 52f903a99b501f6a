import { formatPath } from "../findings.ts";
import type { Path } from "../findings.ts";
import { comparableHost } from "../host.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Tcp } from "../schema/bus.ts";
import { SERIAL_LINES_MAX } from "../snapshot.ts";
import type { Inquiry } from "./inquiry.ts";

/**
 * One line or socket, one arbiter: two buses on it would talk into each other. The same address behind another network
 * interface is another machine, as with identical cells that each have their own network.
 */
export function checkShared(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const first = new Map<string, Path>();
  const take = (key: string, what: string, path: Path): void => {
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, path);
      return;
    }
    const message = `${what} is already ${formatPath(earlier)}: two buses would talk into each other`;
    inquiry.say("CONFIG_BUS_SHARED", path, message, "put all devices of this line or socket under one bus");
  };
  let lines = 0;
  for (const [b, bus] of (file.buses ?? []).entries()) {
    const kind = bus?.rtu === undefined ? "ascii" : "rtu";
    const line = bus?.[kind];
    if (line !== undefined) lines += 1;
    if (line !== undefined && lines === SERIAL_LINES_MAX + 1) {
      const message = `this is serial line ${lines}, a gateway takes ${SERIAL_LINES_MAX}`;
      inquiry.say("CONFIG_SIZE", ["buses", b, kind], message, "divide the plant between several gateways", "key");
    }
    const path = line?.path;
    if (path !== undefined) take(`line ${path}`, quote(path), ["buses", b, kind, "path"]);
    const tcp = bus?.tcp;
    const host = tcp?.host;
    if (tcp === undefined || host === undefined || (Object.hasOwn(tcp, "port") && tcp.port === undefined)) continue;
    const port = tcp.port ?? defaultOf(Tcp.properties.port);
    const leavesBy = tcp.interface ?? file.interfaces?.field ?? "";
    take(`tcp ${comparableHost(host)} ${port} ${leavesBy}`, quote(`${host}:${port}`), ["buses", b, "tcp", "host"]);
  }
}

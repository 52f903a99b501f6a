import { SOURCES_MAX } from "../../contract/telemetry.ts";
import { formatPath } from "../findings.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import type { GatewayFile } from "../schema.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkLocalNames } from "./local-names.ts";

/**
 * Names are addresses in topics: bus and device names are unique in the gateway, point names in their device, whatever
 * their case, since not every host tells `Pump` from `pump`.
 * @see Sparkplug B 3.0 §5.2 (Case Sensitivity)
 */
export function checkNames(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const busNames = uniqueNames("bus", inquiry);
  const deviceNames = uniqueNames("device", inquiry);
  // each of the gateway's own parts is a source as a device is
  let devices = [file.io, file.derived, file.alarms].filter((part) => part !== undefined).length;
  for (const [b, bus] of (file.buses ?? []).entries()) {
    busNames(bus?.name, ["buses", b, "name"]);
    for (const [d, device] of (bus?.devices ?? []).entries()) {
      devices += 1;
      deviceNames(device?.name, ["buses", b, "devices", d, "name"]);
      const pointNames = uniqueNames("point", inquiry);
      for (const [p, point] of (device?.points ?? []).entries())
        pointNames(point?.name, ["buses", b, "devices", d, "points", p, "name"]);
    }
  }
  checkLocalNames(file, deviceNames, (what) => uniqueNames(what, inquiry), inquiry);
  if (devices > SOURCES_MAX) {
    const message = `the file has ${devices} devices with io, derived and alarms, a gateway takes ${SOURCES_MAX}`;
    inquiry.say("CONFIG_SIZE", ["buses"], message, "divide the plant between several gateways", "key");
  }
  checkGroup(file, inquiry);
}

/** Says so where a name comes a second time. */
export function uniqueNames(what: string, inquiry: Inquiry): (name: string | undefined, path: Path) => void {
  const first = new Map<string, { readonly name: string; readonly path: Path }>();
  return (name, path) => {
    if (name === undefined) return;
    const caseless = name.toLowerCase();
    const earlier = first.get(caseless);
    if (earlier === undefined) {
      first.set(caseless, { name, path });
      return;
    }
    const owner = formatPath(earlier.path.slice(0, -1));
    const message =
      earlier.name === name
        ? `the ${what} name ${quote(name)} is already taken by ${owner}`
        : `the ${what} names ${quote(name)} and ${quote(earlier.name)} of ${owner} differ only in case, which not every host tells apart`;
    inquiry.say("CONFIG_NAME_DUPLICATE", path, message, `write another name, such as ${quote(`${name}-2`)}`);
  };
}

/** `spBv1.0/STATE/…` belongs to Sparkplug's host applications. */
function checkGroup(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const group = file.uplink?.sparkplug?.group;
  if ((group ?? file.site) !== "STATE") return;
  const path: Path = group === undefined ? ["site"] : ["uplink", "sparkplug", "group"];
  const message = "no Sparkplug group can be called STATE: its topics belong to host applications";
  const hint = group === undefined ? "write another site, or uplink.sparkplug.group" : "write another group";
  inquiry.say("CONFIG_TOPIC_NAME", path, message, hint);
}

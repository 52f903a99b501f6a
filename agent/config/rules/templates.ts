import { formatPath } from "../findings.ts";
import type { Path } from "../findings.ts";
import { quote } from "../quote.ts";
import type { BusSnapshot, RecordSnapshot } from "../snapshot.ts";
import type { Inquiry } from "./inquiry.ts";

/** The least that a definition and each of its members take in the NBIRTH beside their names and units. */
const DEFINITION_BYTES = 24;
const MEMBER_BYTES = 16;
/** A metric of the node's own. @see Sparkplug B 3.0 §6.4.19 NBIRTH */
const RESERVED = "bdSeq";

/** A template is defined once, in the NBIRTH, for all its instances in the gateway: they have the same members. */
export function checkTemplates(buses: readonly BusSnapshot[], packetBytesMax: number, inquiry: Inquiry): void {
  const first = new Map<string, { readonly path: Path; readonly definition: string }>();
  let bytes = 0;
  for (const { record, path } of records(buses)) {
    const { template, members } = record;
    if (template === undefined) continue;
    if (template === RESERVED) {
      const message = `no template can be called ${RESERVED}: it is a metric of Sparkplug's own`;
      inquiry.say("CONFIG_TEMPLATE", path, message, "write another `template`", "key");
      continue;
    }
    const definition = JSON.stringify(
      members.map(({ name, type, scale, offset, unit }) => [name, type, scale, offset, unit]),
    );
    const earlier = first.get(template);
    if (earlier === undefined) {
      first.set(template, { path, definition });
      bytes += DEFINITION_BYTES + Buffer.byteLength(definition) + MEMBER_BYTES * members.length;
    } else if (earlier.definition !== definition) {
      const message = `the template ${quote(template)} has other members at ${formatPath(earlier.path)}`;
      const hint = `add \`template: ${template}-2\`, or give both the same members, types and units`;
      inquiry.say("CONFIG_TEMPLATE", path, message, hint, "key");
    }
  }
  if (bytes <= packetBytesMax) return;
  const message = `the templates take about ${bytes} bytes of the node's birth, a packet holds ${packetBytesMax}`;
  const hint = "raise uplink.broker.packetBytesMax, or let records share their templates";
  inquiry.say("CONFIG_BIRTH_SIZE", ["buses"], message, hint, "key");
}

function* records(buses: readonly BusSnapshot[]): Generator<{ readonly record: RecordSnapshot; readonly path: Path }> {
  for (const [b, bus] of buses.entries())
    for (const [d, device] of bus.devices.entries())
      for (const [p, point] of device.points.entries())
        if (point.type === "record") yield { record: point, path: ["buses", b, "devices", d, "points", p] };
}

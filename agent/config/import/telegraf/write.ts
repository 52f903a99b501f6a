import { Document, isMap, isScalar, isSeq } from "yaml";
import type { BusDraft } from "./buses.ts";
import type { Note } from "./notes.ts";

/** What a Telegraf file cannot say, as far as it is given. */
export interface Identity {
  readonly site?: string;
  readonly device?: string;
  /** address of the MQTT broker */
  readonly broker?: string;
}

const HEADER = (fileName: string): readonly string[] => [
  `Made from ${fileName} by \`holdfast config import telegraf\`. Look for REPLACE, then: holdfast config check`,
  "",
  "What differs from Telegraf everywhere: a value is published when it changes and once in heartbeatMs (60 s), not at every",
  "reading; a device that does not answer is asked less and less often; nothing is written unless it is declared an output.",
];

/** The gateway file, with comments on what was made of what. */
export function writeGateway(
  buses: readonly BusDraft[],
  identity: Identity,
  fileName: string,
  notes: readonly Note[],
): string {
  const document = new Document({
    site: identity.site ?? "site",
    device: identity.device ?? "gateway",
    uplink: {
      broker: {
        url: identity.broker ?? "mqtts://broker.example.org",
        anchors: "tls/ca.pem",
        certificate: "tls/gateway.pem",
        key: "tls/gateway.key",
      },
    },
    buses: buses.map(({ keys }) => keys),
  });
  document.commentBefore = commentOf([...HEADER(fileName), ...summary(notes)]);
  const mark = (path: readonly (string | number)[], text: string): void => {
    const node = document.getIn(path, true);
    if (isScalar(node)) node.comment = ` REPLACE: ${text}`;
  };
  if (identity.site === undefined) mark(["site"], "where the gateway stands (--site)");
  if (identity.device === undefined) mark(["device"], "which gateway it is (--device)");
  if (identity.broker === undefined) mark(["uplink", "broker", "url"], "your MQTT broker (--broker)");
  mark(["uplink", "broker", "anchors"], "the certificates that the broker is trusted by");
  mark(["uplink", "broker", "certificate"], "the gateway's own");
  mark(["uplink", "broker", "key"], "its private key");
  for (const [index, bus] of buses.entries()) {
    const node = document.getIn(["buses", index], true);
    if (isMap(node)) node.commentBefore = ` from ${bus.places.join(", ")}`;
    if (bus.placeholder !== undefined)
      for (const path of [
        ["rtu", "path"],
        ["ascii", "path"],
        ["tcp", "host"],
      ])
        mark(["buses", index, ...path], bus.placeholder);
    flowPoints(document, index);
  }
  return `${document.toString({ lineWidth: 0, flowCollectionPadding: true }).trimEnd()}\n`;
}

/** One point a line is how people read a register map. */
function flowPoints(document: Document, bus: number): void {
  const devices = document.getIn(["buses", bus, "devices"], true);
  if (!isSeq(devices)) return;
  for (const device of devices.items) {
    if (!isMap(device)) continue;
    for (const list of [device.get("points", true), device.getIn(["requests", "blocks"], true)])
      if (isSeq(list)) for (const point of list.items) if (isMap(point)) point.flow = true;
  }
}

function summary(notes: readonly Note[]): readonly string[] {
  const told = notes.filter(({ kind }) => kind === "changed");
  return told.length === 0
    ? []
    : ["", "What was converted otherwise than it stood:", ...told.map((note) => `- ${noteText(note)}`)];
}

/** `inputs.modbus 1, coils 2 and 3 more: …` */
export function noteText({ places, count, about }: Note): string {
  const others = count - places.length;
  return `${places.join("; ")}${others > 0 ? ` and ${others} more` : ""}: ${about}`;
}

function commentOf(lines: readonly string[]): string {
  // a line break or a control character of the file must not end the comment
  return lines.map((line) => (line === "" ? "" : ` ${line.replace(/\p{Cc}/gu, " ")}`)).join("\n");
}

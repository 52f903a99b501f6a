import { styleText } from "node:util";
import type { Fault } from "../contract/fault.ts";
import type { BusStatus, DeviceStatus, FieldStatus, GatewayStatus, PointStatus } from "../contract/status.ts";
import type { UplinkStatus } from "../contract/uplink-status.ts";

type Paint = (format: "bold" | "dim" | "green" | "yellow" | "red" | "cyan", text: string) => string;
const plain: Paint = (_format, text) => text;
const coloured: Paint = (format, text) => styleText(format, text, { validateStream: false });

/** The whole gateway on one screen, for people. Red is what needs a hand, yellow what needs an eye. */
export function statusLines(
  status: GatewayStatus,
  options: { readonly colour: boolean; readonly columns?: number },
): readonly string[] {
  const paint = options.colour ? coloured : plain;
  const columns = options.columns ?? COLUMNS_DEFAULT;
  const name = status.device === "" ? "no configuration yet" : `${status.site}/${status.device}`;
  return [
    `${paint("bold", `Holdfast ${status.version}`)}  ${name}`,
    ...configLines(status, paint),
    uplinkLine(status.uplink, paint),
    ...faultLines(status.uplink?.lastFault, status.uplink?.state !== "online", LABEL_INDENT, paint),
    ...fieldLines(status.field, columns, paint),
  ];
}

function configLines(status: GatewayStatus, paint: Paint): readonly string[] {
  const report = status.configReport;
  if (report === null) return [];
  const head = `config    ${paint("red", "the newest file is refused")}, the one before stays in force`;
  const findings = report.findings.slice(0, 3).map((finding) => {
    const place = finding.line > 0 ? `${report.file}:${finding.line}:${finding.column}` : finding.path;
    return `          ${place} ${paint("red", finding.code)} ${finding.message}`;
  });
  return [head, ...findings];
}

function uplinkLine(uplink: UplinkStatus | null, paint: Paint): string {
  if (uplink === null) return `uplink    ${paint("red", "not answering")}: it is being started again`;
  const state = uplink.state === "online" ? paint("green", "online") : paint("yellow", uplink.state);
  const retry = uplink.retryInMs === undefined ? "" : `, next attempt in ${seconds(uplink.retryInMs)}`;
  const protocol = uplink.protocol === "" ? "" : ` MQTT ${uplink.protocol}`;
  const odd: readonly (readonly [number, string])[] = [
    [uplink.writesRefused, "writes refused"], [uplink.rebirthsRefused, "rebirths refused"],
    [uplink.malformedMessages, "malformed commands"], [uplink.oversizeMessages, "oversize packets"],
  ]; // prettier-ignore
  const seen = odd.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`);
  const refused = seen.length === 0 ? "" : `  ${paint("yellow", seen.join("  "))}`;
  const marks = `marks ${uplink.marksAcknowledged}/${uplink.marksSent} acknowledged`;
  return `uplink    ${state} ${uplink.broker}${protocol}${retry}  births ${uplink.births}  data ${uplink.dataMessages}  ${marks}${refused}`;
}

function fieldLines(field: FieldStatus | null, columns: number, paint: Paint): readonly string[] {
  if (field === null) return [`field     ${paint("red", "not answering")}: it is being started again`];
  const { queue } = field;
  const dropped = queue.dropped === 0 ? "" : `  ${paint("red", `${queue.dropped} dropped, declared as gaps`)}`;
  const clock = field.clockTrust === "trusted" ? "" : `  ${paint("yellow", `clock ${field.clockTrust}`)}`;
  return [
    `field     boot ${field.bootId}  sampled ${queue.sampled}  acknowledged ${queue.acknowledged}  waiting ${queue.values}/${queue.valuesMax}${dropped}${clock}`,
    ...field.buses.flatMap((bus) => busLines(bus, columns, paint)),
  ];
}

function busLines(bus: BusStatus, columns: number, paint: Paint): readonly string[] {
  const state = bus.state === "open" ? paint("green", "open") : paint("red", bus.state);
  const c = bus.counters;
  const errors: readonly (readonly [string, number])[] = [
    ["timeout", c.timeouts], ["late reply", c.lateReplies], ["CRC", c.crcErrors], ["exception", c.exceptions],
    ["foreign", c.foreignFrames], ["short", c.shortFrames], ["long", c.longFrames], ["reopened", c.reopened],
    ["late poll", c.latePolls], ["discarded bytes", c.discardedBytes], ["refused broadcast", c.refusedBroadcasts],
  ]; // prettier-ignore
  const seen = errors.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count}`);
  const errorText = seen.length === 0 ? paint("dim", "no errors") : paint("yellow", seen.join("  "));
  return [
    "",
    `${paint("bold", bus.name)}  ${bus.kind} ${bus.target}  ${state}  load ${bus.loadPercent.toFixed(0)} %  requests ${c.requests}  ${errorText}`,
    ...faultLines(bus.lastFault, bus.state !== "open", LABEL_INDENT, paint),
    ...bus.devices.flatMap((device) => deviceLines(device, columns, paint)),
  ];
}

function deviceLines(device: DeviceStatus, columns: number, paint: Paint): readonly string[] {
  const probe = device.probeInMs === undefined ? "" : `, asked again in ${seconds(device.probeInMs)}`;
  const state = device.online ? paint("green", "online") : paint("red", `no reply${probe}`);
  const invalid = device.invalidValues === 0 ? "" : `  ${paint("yellow", `${device.invalidValues} invalid values`)}`;
  const head = `  ${paint("cyan", device.name)} unit ${device.unit}  ${state}  ${device.replyMs.toFixed(1)} ms${invalid}`;
  return [
    head,
    ...faultLines(device.lastFault, !device.online, INDENT, paint),
    ...pointRows(device.points, columns, paint),
  ];
}

/** What is wrong now; once it is over, what it was and when, since somebody may look for it a day later. */
function faultLines(fault: Fault | undefined, lasts: boolean, indent: number, paint: Paint): readonly string[] {
  if (fault === undefined) return [];
  const margin = " ".repeat(indent);
  if (lasts) return [`${margin}${paint("red", fault.code)} ${fault.message}`];
  return [`${margin}${paint("dim", `last fault ${fault.code} ${fault.message}, ${timeText(fault.timeMs)}`)}`];
}

/** As many points beside each other as the width has room for, in columns that line up. */
function pointRows(points: readonly PointStatus[], columns: number, paint: Paint): readonly string[] {
  const cells = points.map((point) => ({
    name: point.name,
    output: point.output === true ? "out" : "   ",
    value: `${formatValue(point.value)}${point.unit === undefined ? "" : ` ${point.unit}`}`,
    quality: point.quality === "good" ? "good" : `${point.quality}: ${point.reason}`,
    colour: QUALITY_COLOURS[point.quality],
  }));
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const name = widest(cells.map((cell) => cell.name));
  const value = widest(cells.map((cell) => cell.value));
  const quality = widest(cells.map((cell) => cell.quality));
  const across = Math.max(1, Math.floor((columns - INDENT) / (name + value + quality + CELL_GAPS)));
  const drawn = cells.map(
    (cell) =>
      `${cell.name.padEnd(name)} ${cell.output} ${cell.value.padStart(value)} ${paint(cell.colour, cell.quality.padEnd(quality))}`,
  );
  const rows: string[] = [];
  for (let i = 0; i < drawn.length; i += across) {
    rows.push(`${" ".repeat(INDENT)}${drawn.slice(i, i + across).join("   ")}`.trimEnd());
  }
  return rows;
}

const INDENT = 4;
/** as wide as the words `uplink` and `field` with what follows them */
const LABEL_INDENT = 10;
/** spaces and the output mark of one cell, and the space to the next */
const CELL_GAPS = 9;
/** Where nobody says how wide the terminal is. */
const COLUMNS_DEFAULT = 80;
const QUALITY_COLOURS = { good: "green", uncertain: "yellow", stale: "red", bad: "red" } as const;

/** More than a field device measures, and no column wider than needed. Larger integers are shown whole. */
const SIGNIFICANT_DIGITS = 6;

function formatValue(value: PointStatus["value"]): string {
  if (value === null) return "-";
  if (typeof value === "number")
    return String(Number.isInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS)));
  return typeof value === "boolean" ? (value ? "on" : "off") : value;
}

/** A clock that nobody set may stand anywhere, even where there is no date. */
function timeText(unixMs: number): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime())
    ? "at an unknown time"
    : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

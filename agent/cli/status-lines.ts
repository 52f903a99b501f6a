import type { BusStatus, DeviceStatus, FieldStatus, GatewayStatus } from "../contract/status.ts";
import { DEFAULT_CONFIG_PATH } from "../process/layout.ts";
import { faultLines } from "./fault-lines.ts";
import { paintFor } from "./paint.ts";
import type { Paint } from "./paint.ts";
import { INDENT, pointLines } from "./point-lines.ts";
import { LABEL_INDENT, uplinkLines } from "./uplink-lines.ts";

const UNCONFIGURED = `no configuration yet: put one in ${DEFAULT_CONFIG_PATH}, or use holdfast config apply FILE`;

/** The whole gateway on one screen, for people. Red is what needs a hand, yellow what needs an eye. */
export function statusLines(
  status: GatewayStatus,
  options: { readonly colour: boolean; readonly columns?: number },
): readonly string[] {
  const paint = paintFor(options.colour);
  const columns = options.columns ?? COLUMNS_DEFAULT;
  const name = status.device === "" ? UNCONFIGURED : `${status.site}/${status.device}`;
  return [
    `${paint("bold", `Holdfast ${status.version}`)}  ${name}`,
    ...configLines(status, paint),
    ...uplinkLines(status.uplink, paint),
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
    ...pointLines(device.points, columns, paint),
  ];
}

/** Where nobody says how wide the terminal is. */
const COLUMNS_DEFAULT = 80;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

import type { DeviceLoad, RequestLoad } from "../../config/timing/load.ts";
import type { BusOutlook } from "../../config/timing/outlook.ts";
import type { Paint } from "../paint.ts";
import { durationText, percentText, rounded } from "./figures.ts";

/** From here on there is no room left for a device that asks twice, or for commands. */
const FULL_PERCENT = 80;
const BAR_CELLS = 24;
/** Requests of one device that are listed; the rest is summed up. */
const REQUESTS_SHOWN = 12;
/** Reading together is worth mentioning from so many points of a hundred on. */
const WORTH_PERCENT = 3;
const NAMES = { 1: "coil", 2: "discrete input", 3: "holding register", 4: "input register" } as const;

/** One bus with its bar, its devices and what would help. */
export function busLines({ load, percentReadTogether, deadDevice }: BusOutlook, paint: Paint): readonly string[] {
  const { bus, percent, devices, requestsPerSecond } = load;
  const where = bus.transport.kind === "serial" ? ` at ${bus.transport.baudRate} baud` : " over TCP";
  const colour = percent > 100 ? "red" : percent > FULL_PERCENT ? "yellow" : "green";
  const head = `${paint("bold", bus.name)}  ${percentText(percent)} full${where}`;
  return [
    `${head}  ${paint(colour, bar(percent))}  ${rounded(requestsPerSecond)} requests a second`,
    ...devices.flatMap((device) => deviceLines(device, paint)),
    ...verdicts(load.percent, devices, where).map((line) => `  ${paint("red", "cannot be met")}  ${line}`),
    ...(percent - percentReadTogether >= WORTH_PERCENT
      ? [
          `  ${percentText(percentReadTogether)} full if points are read together (\`requests: { optimise: max-insert }\`)`,
        ]
      : []),
    `  one dead device costs the others ${durationText(deadDevice.onceMs)} once, then at most ${percentText(deadDevice.percent)} of their time`,
  ];
}

function deviceLines({ device, percent, requests }: DeviceLoad, paint: Paint): readonly string[] {
  const dearest = requests.toSorted((a, b) => b.percent - a.percent);
  const shown = requests.length > REQUESTS_SHOWN ? dearest.slice(0, REQUESTS_SHOWN - 1) : dearest;
  const rest = dearest.slice(shown.length);
  const restPercent = rest.reduce((sum, request) => sum + request.percent, 0);
  return [
    `  ${device.name}  ${paint("dim", `unit ${device.unit}`)}  ${percentText(percent)}`,
    ...shown.map((request) => `    ${requestLine(request)}`),
    ...(rest.length === 0 ? [] : [`    and ${rest.length} more, ${percentText(restPercent)} together`]),
  ];
}

function requestLine({ plan, tookMs, percent }: RequestLoad): string {
  const { request, periodMs, points } = plan;
  const what = `${counted(request.count, NAMES[request.function])} from ${request.address}`;
  const columns = [
    `fn ${request.function}`,
    what.padEnd(32),
    counted(points.length, "point").padStart(10),
    `every ${durationText(periodMs)}`.padStart(14),
    `takes ${durationText(tookMs)}`.padStart(14),
    percentText(percent).padStart(8),
  ];
  return columns.join("  ");
}

/** Whatever cannot be met, and by how much: a single device first, since slower neighbours would not help it. */
function verdicts(percent: number, devices: readonly DeviceLoad[], where: string): readonly string[] {
  const alone = devices.filter((one) => one.percent > 100);
  const lines = alone.map((one) => `${one.device.name}${where}: needs ${percentText(one.percent)} alone`);
  if (percent <= 100 || alone.length > 0) return lines;
  const largest = devices.toSorted((a, b) => b.percent - a.percent).slice(0, 3);
  const who = largest.map((one) => `${one.device.name} ${percentText(one.percent)}`).join(", ");
  return [`together the devices need ${percentText(percent)}${where}; the most: ${who}`];
}

function bar(percent: number): string {
  const filled = Math.min(BAR_CELLS, Math.ceil((percent / 100) * BAR_CELLS));
  return `[${"#".repeat(filled)}${"-".repeat(BAR_CELLS - filled)}]`;
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

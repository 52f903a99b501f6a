import type { BusStatus, DeviceStatus, FieldStatus } from "../contract/status.ts";
import { faultLines } from "./fault-lines.ts";
import type { Paint } from "./paint.ts";
import { alarmLines, ioLines, outputLines } from "./plant-lines.ts";
import { INDENT, pointLines } from "./point-lines.ts";
import { LABEL_INDENT } from "./uplink-lines.ts";
import type { Say } from "./words/phrase.ts";
import { COUNTED, STATUS } from "./words/status-words.ts";

/** How a part of the screen is drawn. */
export interface Drawing {
  readonly columns: number;
  readonly say: Say;
  readonly paint: Paint;
}

/** The field side: queue, outputs, alarms, then every bus with its devices. */
export function fieldLines(field: FieldStatus | null, drawing: Drawing): readonly string[] {
  const { say, paint, columns } = drawing;
  if (field === null) {
    return [`field     ${paint("red", say(STATUS.notAnswering))}: ${say(STATUS.beingStarted)}`];
  }
  const { queue, bootId, outputs, alarms, io, local = [] } = field;
  const dropped = queue.dropped === 0 ? "" : `  ${paint("red", say(STATUS.dropped, { count: queue.dropped }))}`;
  const clock =
    field.clockTrust === "trusted" ? "" : `  ${paint("yellow", say(STATUS.clock, { trust: field.clockTrust }))}`;
  const facts = { boot: bootId, ...queue, max: queue.valuesMax };
  return [
    `field     ${say(STATUS.field, facts)}${dropped}${clock}`,
    ...(outputs === undefined ? [] : outputLines(outputs, say, paint)),
    ...(alarms === undefined ? [] : alarmLines(alarms, say, paint)),
    ...(io === undefined ? [] : ioLines(io, say, paint)),
    ...field.buses.flatMap((bus) => busLines(bus, drawing)),
    ...local.flatMap(({ name, points }) =>
      points.length === 0 ? [] : ["", `  ${paint("cyan", name)}`, ...pointLines(points, columns, say, paint)],
    ),
  ];
}

function busLines(bus: BusStatus, drawing: Drawing): readonly string[] {
  const { say, paint } = drawing;
  const working = bus.state === "open" || bus.state === "resting";
  const state = paint(working ? "green" : "red", bus.state);
  const errors = (Object.keys(COUNTED) as (keyof typeof COUNTED)[])
    .filter((key) => bus.counters[key] > 0)
    .map((key) => `${say(COUNTED[key])} ${bus.counters[key]}`);
  const errorText = errors.length === 0 ? paint("dim", say(STATUS.noErrors)) : paint("yellow", errors.join("  "));
  const load = say(STATUS.load, { percent: bus.loadPercent.toFixed(0), requests: bus.counters.requests });
  return [
    "",
    `${paint("bold", bus.name)}  ${bus.kind} ${bus.target}  ${state}  ${load}  ${errorText}`,
    ...faultLines(bus.lastFault, !working, LABEL_INDENT, say, paint),
    ...bus.devices.flatMap((device) => deviceLines(device, working, drawing)),
  ];
}

function deviceLines(device: DeviceStatus, busWorks: boolean, { columns, say, paint }: Drawing): readonly string[] {
  const { probeInMs, invalidValues } = device;
  const probe =
    probeInMs === undefined ? "" : `, ${say(STATUS.askedAgain, { seconds: (probeInMs / 1_000).toFixed(1) })}`;
  const state = !busWorks
    ? paint("dim", say(STATUS.busDown))
    : device.online
      ? paint("green", say(STATUS.online))
      : paint("red", `${say(STATUS.noReply)}${probe}`);
  const invalid = invalidValues === 0 ? "" : `  ${paint("yellow", say(STATUS.invalid, { count: invalidValues }))}`;
  const unit = say(STATUS.unit, { unit: device.unit });
  return [
    `  ${paint("cyan", device.name)} ${unit}  ${state}  ${device.replyMs.toFixed(1)} ms${invalid}`,
    ...faultLines(device.lastFault, busWorks && !device.online, INDENT, say, paint),
    ...pointLines(device.points, columns, say, paint),
  ];
}

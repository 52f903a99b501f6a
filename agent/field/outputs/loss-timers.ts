import type { FieldSnapshot } from "../../config/snapshot.ts";
import { QUALITIES } from "../../contract/point.ts";
import type { OutputsStatus } from "../../contract/outputs.ts";
import type { PointBook } from "../points/book.ts";

type Warning = OutputsStatus["warnings"][number];

/**
 * What is known of the timers by which field devices act alone when nobody talks to them any more: where a bus is cut,
 * nothing else protects. They are read as points and never written.
 */
export function lossTimerWarnings(field: FieldSnapshot, book: PointBook): readonly Warning[] {
  const warnings: Warning[] = [];
  for (const { name: device, points, communicationLossTimer } of field.buses.flatMap(({ devices }) => devices)) {
    if (!points.some((point) => point.type !== "record" && point.output !== undefined)) continue;
    if (communicationLossTimer === undefined) {
      const message = `${device} has outputs, and no communicationLossTimer names the point that reads its timer`;
      warnings.push({ code: "LOSS_TIMER_UNKNOWN", device, message });
      continue;
    }
    if ("none" in communicationLossTimer) continue;
    const point = book.find(`${device}/${communicationLossTimer.point}`);
    const reason = QUALITIES[point?.quality ?? 0]?.reason;
    if (point === undefined || reason === "exception") {
      const message = `the communication-loss timer of ${device} cannot be read`;
      warnings.push({ code: "LOSS_TIMER_UNREADABLE", device, message });
    } else if (point.value === 0 || point.value === false) {
      const message = `the communication-loss timer of ${device} is off: with the bus cut, its outputs stay as they are`;
      warnings.push({ code: "LOSS_TIMER_OFF", device, message });
    }
  }
  return warnings;
}

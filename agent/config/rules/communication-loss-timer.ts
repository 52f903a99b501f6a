import type { Path } from "../findings.ts";
import { nearest } from "../hints/nearest.ts";
import type { Loose } from "../loose.ts";
import { defaultType } from "../point-size.ts";
import { quote } from "../quote.ts";
import type { Device } from "../schema/device.ts";
import type { Inquiry } from "./inquiry.ts";

/** The timer of a device is a point of its own that can be read as armed or not. */
export function checkCommunicationLossTimer(device: Loose<Device>, path: Path, inquiry: Inquiry): void {
  const timer = device.communicationLossTimer;
  if (timer === undefined || !inquiry.whole(timer)) return;
  const at = [...path, "communicationLossTimer"];
  const given = (timer.point === undefined ? 0 : 1) + (timer.none === undefined ? 0 : 1);
  if (given !== 1 || timer.none === false) {
    const message =
      given === 2 ? "a timer that is there and is not" : "neither the point of the timer nor `none: true`";
    inquiry.say(
      "CONFIG_LOSS_TIMER",
      at,
      message,
      "write `{ point: … }` with a point of this device, or `{ none: true }`",
      "key",
    );
    return;
  }
  if (timer.point === undefined) return;
  const points = (device.points ?? []).filter((point) => point !== undefined);
  const point = points.find(({ name }) => name === timer.point);
  if (point === undefined) {
    const near = nearest(
      timer.point,
      points.flatMap(({ name }) => name ?? []),
    );
    const hint = near === undefined ? "declare a point that reads the timer" : `did you mean ${near}?`;
    inquiry.say("CONFIG_POINT_UNKNOWN", [...at, "point"], `the device has no point ${quote(timer.point)}`, hint);
    return;
  }
  const type = point.type ?? (point.table === undefined ? "bool" : defaultType(point.table));
  if (type !== "record" && type !== "string" && point.output === undefined) return;
  const what = point.output === undefined ? `a ${type}` : "an output, and the timer is never written";
  const message = `${quote(timer.point)} is ${what}`;
  inquiry.say(
    "CONFIG_LOSS_TIMER",
    [...at, "point"],
    message,
    "name a point that reads a number or a bit, 0 for not armed",
  );
}

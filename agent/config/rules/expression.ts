import { compileExpression, pointsRead } from "../expression/index.ts";
import type { ValueType } from "../expression/index.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { Alarms } from "../schema/alarms.ts";
import type { PointRef } from "../snapshot/expression.ts";
import type { Inquiry } from "./inquiry.ts";

const KINDS = { bool: "true or false", number: "a number", string: "a text" } as const;

/**
 * Says what is wrong with an expression, at the character where it is; nothing where only a point that it reads is
 * wrong in itself, which was said there.
 * @param wanted what it must come to; anything unless told
 * @returns what it comes to; undefined where that is not known, or is not what is wanted
 */
export function checkExpression(
  text: string,
  wanted: ValueType | undefined,
  path: Path,
  inquiry: Inquiry,
): ValueType | undefined {
  const compiled = compileExpression(text, (ref) => inquiry.points.typeOf(ref));
  if ("error" in compiled) {
    const { at, message, hint, unknown } = compiled.error;
    if (unknown === undefined) inquiry.say("CONFIG_EXPRESSION", path, message, hint, at);
    else if (!inquiry.points.named(unknown)) sayUnknown(unknown, path, inquiry, at);
    else if (inquiry.points.isRecord(unknown)) sayRecord(unknown, path, inquiry, at);
    return undefined;
  }
  const { type } = compiled;
  if (wanted === undefined || type === wanted) return type;
  const message = `${KINDS[wanted]} is wanted, this comes to ${KINDS[type]}`;
  const hint = wanted === "bool" ? "compare it with something: > 0, == 'text'" : `write what comes to ${KINDS[wanted]}`;
  inquiry.say("CONFIG_EXPRESSION", path, message, hint);
  return undefined;
}

/**
 * Says where a reference `device/point` leads nowhere.
 * @returns what the point is; undefined where it is none, a record, or wrong in itself
 */
export function checkPointRef(ref: PointRef, path: Path, inquiry: Inquiry): ValueType | undefined {
  if (!inquiry.points.named(ref)) sayUnknown(ref, path, inquiry, "value");
  else if (inquiry.points.isRecord(ref)) sayRecord(ref, path, inquiry, "value");
  return inquiry.points.typeOf(ref);
}

function sayUnknown(ref: PointRef, path: Path, inquiry: Inquiry, part: "value" | number): void {
  const near = inquiry.points.nearest(ref);
  const hint =
    near === undefined ? "write device and point as the file names them: device/point" : `did you mean ${near}?`;
  inquiry.say("CONFIG_POINT_UNKNOWN", path, `the file has no point ${quote(ref)}`, hint, part);
}

function sayRecord(ref: PointRef, path: Path, inquiry: Inquiry, part: "value" | number): void {
  const message = `${quote(ref)} is a record, one value is wanted`;
  inquiry.say("CONFIG_POINT_UNKNOWN", path, message, "read the value as a point of its own", part);
}

/** States of alarms follow from points and expressions: one that read them would stand in a circle with them. */
export function refuseAlarmRefs(text: string, file: Loose<GatewayFile>, path: Path, inquiry: Inquiry): void {
  if (file.alarms === undefined) return;
  const device = file.alarms.device ?? defaultOf(Alarms.properties.device);
  const ref = pointsRead(text).find((read) => read.startsWith(`${device}/`));
  if (ref === undefined) return;
  const message = `${quote(ref)} is the state of an alarm, which nothing that alarms are made of may read`;
  inquiry.say("CONFIG_EXPRESSION", path, message, "read the points that the alarm is about", text.indexOf(ref));
}

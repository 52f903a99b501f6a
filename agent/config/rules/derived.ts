import { derivedDevice, derivedOrder } from "../expression/derived-types.ts";
import type { Loose } from "../loose.ts";
import { quote } from "../quote.ts";
import type { GatewayFile } from "../schema.ts";
import { checkExpression, refuseAlarmRefs } from "./expression.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkRange } from "./range.ts";

/** What holds for derived points: sound expressions, no circles, and what has no effect on a truth value or text. */
export function checkDerived(file: Loose<GatewayFile>, inquiry: Inquiry): void {
  const points = file.derived?.points ?? [];
  const { circular } = derivedOrder(file);
  for (const [p, point] of points.entries()) {
    const path = ["derived", "points", p];
    if (point?.expression === undefined) continue;
    refuseAlarmRefs(point.expression, file, [...path, "expression"], inquiry);
    if (circular.includes(p)) continue;
    const type = checkExpression(point.expression, undefined, [...path, "expression"], inquiry);
    if (type === undefined || !inquiry.whole(point)) continue;
    if (type === "number") {
      checkRange(point, path, inquiry);
      continue;
    }
    for (const key of ["low", "high", "deadband"] as const) {
      if (point[key] === undefined) continue;
      const message = `${quote(key)} has no effect where the expression comes to ${type === "bool" ? "true or false" : "a text"}`;
      inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, key], message, "delete the line", "key");
    }
  }
  const [first] = circular;
  if (first === undefined) return;
  const device = derivedDevice(file);
  const shown = circular.slice(0, SHOWN_MAX).map((index) => `${device}/${points[index]?.name}`);
  const more = circular.length > SHOWN_MAX ? ` and ${circular.length - SHOWN_MAX} more` : "";
  const message = `these read each other in a circle, or read one that does: ${shown.join(", ")}${more}`;
  const hint = "let one of them read points of devices only";
  inquiry.say("CONFIG_DERIVED_CIRCLE", ["derived", "points", first, "expression"], message, hint);
}

const SHOWN_MAX = 5;

import { derivedRosterBytes } from "../../config/snapshot/local-roster.ts";
import { DERIVED_POINTS_MAX } from "../../config/snapshot/logic.ts";
import type { DerivedPoint } from "../../config/snapshot/logic.ts";
import { checkExpression } from "./check-expression.ts";
import { NAME, UNIT } from "./check-value.ts";
import type { Fields } from "./fields.ts";
import type { LocalSource } from "./local-source.ts";
import { ConfigurationError } from "./refusal.ts";

const DAY_MS = 86_400_000;

/** What the part that reckons points relies on. @throws {ConfigurationError} */
export function checkDerived(derived: Fields): LocalSource {
  const device = derived.text("device", NAME);
  const names = new Set<string>();
  for (const point of derived.list("points", DERIVED_POINTS_MAX)) {
    const name = point.text("name", NAME);
    if (names.has(name)) throw new ConfigurationError("CONFIG_NAME_DUPLICATE", `${point.where}: ${name} is taken`);
    names.add(name);
    point.oneOf("type", ["float64", "bool", "string"]);
    checkExpression(point.object("expression"));
    point.integer("everyMs", 100, DAY_MS);
    point.integer("heartbeatMs", 0, DAY_MS);
    point.optionalNumber("low");
    point.optionalNumber("high");
    if (point.number("deadband") < 0) {
      throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${point.where}.deadband is negative`);
    }
    if (point.has("unit")) point.text("unit", UNIT);
  }
  const points = derived.raw("points") as readonly DerivedPoint[];
  return { device, rosterBytesMax: derivedRosterBytes({ device, points }) };
}

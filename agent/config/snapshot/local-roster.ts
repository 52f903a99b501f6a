import { ALARM_COUNTS, SYSTEM_ALARMS } from "../../contract/alarms.ts";
import { STRING_VALUE_CHARS_MAX } from "../../contract/telemetry.ts";
import type { IoSnapshot } from "./io.ts";
import type { AlarmsSnapshot, DerivedSnapshot } from "./logic.ts";

/** JSON of one point in a roster without its texts: keys, range, the longest numbers, quality, time. */
export const ROSTER_POINT_BYTES = 220;
/** JSON of one source without its points: two names, whether it answers. */
export const ROSTER_SOURCE_BYTES = 256;
/** Text in JSON, at most: every byte of it may need a backslash, every character four bytes. */
export const TEXT_BYTES_MAX = 4;
/** The longest state of an alarm, an input's true or false: short words that nobody else chooses. */
const WORD_BYTES = 20;

/*
 * Bytes in a roster, at most, of the sources that are no field devices. The compiler and the door of `field` count with
 * the same functions: what one takes the other must not refuse.
 */

export function derivedRosterBytes({ points }: DerivedSnapshot): number {
  const bytes = (point: DerivedSnapshot["points"][number]): number => {
    const text = (point.unit?.length ?? 0) + (point.type === "string" ? STRING_VALUE_CHARS_MAX : 0);
    return ROSTER_POINT_BYTES + point.name.length + TEXT_BYTES_MAX * text;
  };
  return points.reduce((sum, point) => sum + bytes(point), ROSTER_SOURCE_BYTES);
}

export function alarmsRosterBytes({ rules }: AlarmsSnapshot): number {
  const names = [...Object.keys(SYSTEM_ALARMS), ...ALARM_COUNTS, ...rules.map(({ name }) => name)];
  return names.reduce((sum, name) => sum + ROSTER_POINT_BYTES + WORD_BYTES + name.length, ROSTER_SOURCE_BYTES);
}

export function ioRosterBytes(inputs: IoSnapshot["inputs"]): number {
  return inputs.reduce((sum, { name }) => sum + ROSTER_POINT_BYTES + WORD_BYTES + name.length, ROSTER_SOURCE_BYTES);
}

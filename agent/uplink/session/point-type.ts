import type { RosterPoint } from "../../contract/telemetry.ts";

interface Typed {
  readonly type: RosterPoint["type"];
  readonly record?: RosterPoint["record"];
}

/** Whether values of two points mean the same. */
export function sameType(a: Typed, b: Typed): boolean {
  if (a === b) return true;
  return a.type === b.type && (a.record === b.record || JSON.stringify(a.record) === JSON.stringify(b.record));
}

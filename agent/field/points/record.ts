import type { MemberSnapshot, RecordSnapshot } from "../../config/snapshot.ts";
import type { PointValue, ScalarValue } from "../../contract/point.ts";
import { NOT_TEXT, rawReader, valueOf } from "./registers.ts";
import { changed, NO_TEXT, NOT_A_NUMBER, OK } from "./scalar.ts";
import type { Read } from "./scalar.ts";

/**
 * How to read all members of a record from one reply, row after row. A member without a value leaves a null in its
 * place and makes the whole record bad: what only together means something is not good in part.
 */
export function recordReader({ table, members, rows }: RecordSnapshot): Read {
  const readers = members.map((member) => memberReader(member, table));
  const { count, stride } = rows ?? { count: 1, stride: 0 };
  return (bytes, offset, into) => {
    const values: ScalarValue[] = [];
    into.quality = OK;
    for (let row = 0; row < count; row++) {
      for (const read of readers) {
        const value = read(bytes, offset + row * stride);
        if (typeof value === "symbol") into.quality = NO_TEXT;
        else if (value === null && into.quality === OK) into.quality = NOT_A_NUMBER;
        values.push(typeof value === "symbol" ? null : value);
      }
    }
    into.value = values;
  };
}

type ReadMember = (bytes: Buffer, offset: number) => ScalarValue | typeof NOT_TEXT;

function memberReader(member: MemberSnapshot, table: RecordSnapshot["table"]): ReadMember {
  const { at, scale, offset: shift } = member;
  const raw = rawReader({ ...member, table });
  return (bytes, offset) => {
    const read = raw(bytes, offset + at);
    return read === NOT_TEXT ? read : valueOf(read, scale, shift);
  };
}

/** Whether any member changed by its dead-band or more. @param deadbands of the members, in order */
export function recordChanged(deadbands: readonly number[]): (before: PointValue, after: PointValue) => boolean {
  return (before, after) => {
    if (!Array.isArray(before) || !Array.isArray(after)) return before !== after;
    return after.some((value, i) => changed(before[i] ?? null, value, deadbands[i % deadbands.length] ?? 0));
  };
}

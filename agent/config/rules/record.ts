import { RECORD_VALUES_MAX } from "../../contract/telemetry.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { extent, pointCount } from "../point-size.ts";
import { quote } from "../quote.ts";
import { defaultOf } from "../schema.ts";
import { Member } from "../schema/member.ts";
import type { Point } from "../schema/point.ts";
import { addressesFrom } from "./address.ts";
import type { Inquiry } from "./inquiry.ts";
import { checkBit, checkBytes, checkLength, checkReckoning } from "./value.ts";

/** @see Modbus application protocol V1.1b3 §6.3 */
const REQUEST_REGISTERS_MAX = 125;
const RECORD_KEYS = ["members", "rows", "stride", "template"] as const;
const MEMBER_KEYS = [
  "length",
  "bit",
  "byte",
  "byteLocation",
  "scale",
  "offset",
  "unit",
  "low",
  "high",
  "deadband",
] as const;

/** What only a record has stands nowhere else. */
export function checkRecordKeys(type: string, point: Loose<Point>, path: Path, inquiry: Inquiry): void {
  for (const key of RECORD_KEYS) {
    if (point[key] === undefined) continue;
    const message = `${quote(key)} is for records, this is a ${type}`;
    inquiry.say("CONFIG_RECORD_MEMBERS", [...path, key], message, "write `type: record`, or delete the key", "key");
  }
}

/** What holds for a record in registers. @param point whose own keys are right one by one */
export function checkRecord(point: Loose<Point>, base: 0 | 1, path: Path, inquiry: Inquiry): void {
  if (point.output !== undefined) {
    const hint = "delete the output, and declare what is to be written as a point of its own: both may name a register";
    inquiry.say("CONFIG_RECORD_OUTPUT", [...path, "output"], "a record is never written as a whole", hint, "key");
  }
  for (const key of MEMBER_KEYS) {
    if (point[key] === undefined) continue;
    const message = `${quote(key)} has no effect on a record`;
    inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, key], message, "write it at the members it is meant for", "key");
  }
  checkRowKeys(point, path, inquiry);
  if (point.members === undefined) {
    const hint = "add `members:` with a name and a place of each, such as `- { name: serial, at: 0, type: uint32 }`";
    inquiry.say("CONFIG_RECORD_MEMBERS", [...path, "type"], "a record needs its members", hint);
    return;
  }
  const sized = point.members.map((member, m) => checkMember(member, point.rows, [...path, "members", m], inquiry));
  checkMemberNames(point.members, [...path, "members"], inquiry);
  if (sized.every((one) => one !== undefined)) checkSpan(point, extent(sized), base, path, inquiry);
}

function checkRowKeys({ rows, stride, template }: Loose<Point>, path: Path, inquiry: Inquiry): void {
  if (rows === undefined && stride !== undefined) {
    const hint = "add `rows`, or delete the line";
    inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, "stride"], '"stride" has no effect without rows', hint, "key");
  }
  if (rows !== undefined && template !== undefined) {
    const message = "a record with rows is a data set, which has no template";
    inquiry.say("CONFIG_KEY_MEANINGLESS", [...path, "template"], message, "delete the line", "key");
  }
}

/** Its place and size, or undefined where they are not known. */
function checkMember(
  member: Loose<Member> | undefined,
  rows: number | undefined,
  path: Path,
  inquiry: Inquiry,
): { readonly at: number; readonly count: number } | undefined {
  if (member?.at === undefined || !inquiry.whole(member)) return undefined;
  const type = member.type ?? defaultOf(Member.properties.type);
  checkLength(type, member, path, inquiry);
  checkBit(type, false, member, path, inquiry);
  checkBytes(type, member, path, inquiry);
  checkReckoning(type, member, path, inquiry);
  const scaled = (member.scale ?? 1) !== 1 || (member.offset ?? 0) !== 0;
  if (rows !== undefined && type === "uint64" && !scaled) {
    const message = "hosts do not agree on how a uint64 stands in a data set";
    const hint = "write `type: int64`, which all of them read, or a scale, which makes it a float64";
    inquiry.say("CONFIG_RECORD_COLUMN", [...path, "type"], message, hint);
  }
  return { at: member.at, count: pointCount(type, member.length) };
}

function checkMemberNames(members: readonly (Loose<Member> | undefined)[], path: Path, inquiry: Inquiry): void {
  const first = new Map<string, number>();
  for (const [m, member] of members.entries()) {
    const name = member?.name;
    if (name === undefined) continue;
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, m);
      continue;
    }
    const message = `the member name ${quote(name)} is already taken by members[${earlier}]`;
    inquiry.say("CONFIG_NAME_DUPLICATE", [...path, m, "name"], message, `write another, such as ${quote(`${name}-2`)}`);
  }
}

/** All of it comes in one reply, so that its values belong together. @param row registers of one row */
function checkSpan(point: Loose<Point>, row: number, base: 0 | 1, path: Path, inquiry: Inquiry): void {
  const { address = 0, rows = 1, stride = row, members = [] } = point;
  if (stride < row) {
    const message = `a row takes ${row} registers, and the next begins after ${stride}`;
    inquiry.say("CONFIG_RECORD_SPAN", [...path, "stride"], message, `write at least \`stride: ${row}\``);
    return;
  }
  const count = (rows - 1) * stride + row;
  if (count > REQUEST_REGISTERS_MAX) {
    const message = `the record takes ${count} registers, one Modbus request reads ${REQUEST_REGISTERS_MAX}`;
    const fits = Math.floor((REQUEST_REGISTERS_MAX - row) / stride) + 1;
    const hint = fits > 0 && rows > 1 ? `write \`rows: ${fits}\`, or two records` : "make two records of it";
    inquiry.say("CONFIG_RECORD_SPAN", [...path, rows > 1 ? "rows" : "members"], message, hint, "key");
    return;
  }
  if (rows * members.length > RECORD_VALUES_MAX) {
    const message = `${rows} rows of ${members.length} members are more than ${RECORD_VALUES_MAX} values`;
    inquiry.say("CONFIG_RECORD_SPAN", [...path, "rows"], message, "make two records of it", "key");
  }
  const { addresses, last } = addressesFrom(base);
  if (address + count > addresses) {
    const message = `the record takes ${count} registers from ${address} on, the last address is ${last}`;
    const hint = `write at most ${addresses - count}: addresses do not wrap around to 0`;
    inquiry.say("CONFIG_ADDRESS_WRAPS", [...path, "address"], message, hint);
  }
}

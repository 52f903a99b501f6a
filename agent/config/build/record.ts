import { extent, pointCount } from "../point-size.ts";
import { defaultOf } from "../schema.ts";
import { Member } from "../schema/member.ts";
import { Point } from "../schema/point.ts";
import { buildByte } from "./byte.ts";
import type { MemberSnapshot, RecordSnapshot } from "../snapshot.ts";

/**
 * @param point of type record, with members
 * @param pollMs the device's, for a point that has none of its own
 * @param addressBase what the first address is called in the file
 */
export function buildRecord(point: Point, pollMs: number, addressBase: 0 | 1): RecordSnapshot {
  const { name, table, rows } = point;
  const members = (point.members ?? []).map((member) => buildMember(member, point));
  const row = extent(members);
  const stride = point.stride ?? row;
  return {
    name,
    table,
    address: point.address - addressBase,
    count: rows === undefined ? row : (rows - 1) * stride + row,
    type: "record",
    pollMs: point.pollMs ?? pollMs,
    heartbeatMs: point.heartbeatMs ?? defaultOf(Point.properties.heartbeatMs),
    ...(point.clearOnRead === true ? { clearOnRead: true } : {}),
    members,
    ...(rows === undefined ? { template: point.template ?? name } : { rows: { count: rows, stride } }),
  };
}

function buildMember(member: Member, record: Point): MemberSnapshot {
  const { properties } = Member;
  const { name, at, bit, unit } = member;
  const type = member.type ?? defaultOf(properties.type);
  return {
    name,
    at,
    count: pointCount(type, member.length),
    type,
    ...(bit === undefined ? {} : { bit }),
    ...buildByte(type, member),
    wordOrder: member.wordOrder ?? record.wordOrder ?? defaultOf(Point.properties.wordOrder),
    byteOrder: member.byteOrder ?? record.byteOrder ?? defaultOf(Point.properties.byteOrder),
    scale: member.scale ?? defaultOf(properties.scale),
    offset: member.offset ?? defaultOf(properties.offset),
    ...(unit === undefined ? {} : { unit }),
    deadband: member.deadband ?? defaultOf(properties.deadband),
  };
}

import { POINT_TYPES } from "../../contract/point.ts";
import { RECORD_MEMBERS_MAX, RECORD_VALUES_MAX } from "../../contract/telemetry.ts";
import { checkBytes, checkReckoning, NAME, ORDERS, REGISTERS, REGISTERS_MAX, UNIT } from "./check-value.ts";
import type { Fields } from "./fields.ts";
import { ConfigurationError } from "./refusal.ts";

/** JSON of one member's declaration without its texts, and of its longest number. */
const MEMBER_BYTES = 48;
const VALUE_BYTES = 26;

/**
 * Bytes of its members and values in a roster, at most.
 * @throws {ConfigurationError} where its members reach beyond the registers it reads, or there are too many
 */
export function checkRecord(point: Fields, count: number): number {
  if (point.has("output"))
    throw new ConfigurationError("CONFIG_OUTPUT_INVALID", `${point.where}: a record is no output`);
  const template = point.has("template") ? point.text("template", NAME) : "";
  const members = point.list("members", RECORD_MEMBERS_MAX);
  const rows = point.has("rows") ? point.object("rows") : undefined;
  const rowCount = rows?.integer("count", 1, REGISTERS_MAX) ?? 1;
  const stride = rows?.integer("stride", 1, REGISTERS_MAX) ?? 0;
  const values = members.length * rowCount;
  if (values < 1 || values > RECORD_VALUES_MAX) {
    throw malformed(point, `${values} values, 1 to ${RECORD_VALUES_MAX} are taken`);
  }
  const names = new Set<string>();
  let bytes = template.length + VALUE_BYTES * values + 4 * count;
  for (const member of members) {
    const name = member.text("name", NAME);
    if (names.has(name)) throw new ConfigurationError("CONFIG_NAME_DUPLICATE", `${member.where}: ${name} is taken`);
    names.add(name);
    const end = (rowCount - 1) * stride + checkMember(member);
    if (end > count) throw malformed(member, `it ends at register ${end} of ${count}`);
    const unit = member.has("unit") ? member.text("unit", UNIT) : "";
    bytes += MEMBER_BYTES + name.length + 4 * unit.length;
  }
  return bytes;
}

/** The register after its last, from the start of its row. */
function checkMember(member: Fields): number {
  const at = member.integer("at", 0, REGISTERS_MAX - 1);
  const type = member.oneOf("type", POINT_TYPES);
  const registers = REGISTERS[type];
  const count = member.integer("count", registers ?? 1, registers ?? REGISTERS_MAX);
  checkBytes(member, type);
  if (member.has("bit")) member.integer("bit", 0, type === "bool" ? 15 : -1);
  member.oneOf("wordOrder", ORDERS);
  member.oneOf("byteOrder", ORDERS);
  checkReckoning(member);
  return at + count;
}

function malformed({ where }: Fields, why: string): ConfigurationError {
  return new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${where}: ${why}`);
}

import type { PointType } from "../../contract/point.ts";
import { defaultOf } from "../schema.ts";
import type { Member } from "../schema/member.ts";
import { Byte, ByteLocation } from "../schema/value.ts";
import type { MemberSnapshot } from "../snapshot.ts";

/** Which bytes of its registers a value is in, where that is to be said. */
export function buildByte(
  type: PointType,
  value: Pick<Member, "byte" | "byteLocation">,
): Pick<MemberSnapshot, "byte" | "byteLocation"> {
  if (type === "int8" || type === "uint8") return { byte: value.byte ?? defaultOf(Byte) };
  const location = value.byteLocation ?? defaultOf(ByteLocation);
  return type === "string" && location !== "both" ? { byteLocation: location } : {};
}

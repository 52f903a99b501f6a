import { formatPath } from "../findings.ts";
import type { Path } from "../findings.ts";
import type { Loose } from "../loose.ts";
import { defaultType, pointCount } from "../point-size.ts";
import type { Device } from "../schema/device.ts";
import type { Inquiry } from "./inquiry.ts";

const ADDRESSES = 65_536;

interface Range {
  readonly table: string;
  readonly first: number;
  readonly end: number;
  readonly path: Path;
}

/** What holds for declared blocks: inside their table, beside each other, and no point half in one. */
export function checkBlocks(device: Loose<Device>, path: Path, inquiry: Inquiry): void {
  const base = device.addressBase ?? 0;
  const blocks: Range[] = [];
  for (const [b, block] of (device.requests?.blocks ?? []).entries()) {
    if (block?.table === undefined || block.address === undefined || block.count === undefined) continue;
    const at = [...path, "requests", "blocks", b];
    const range = { table: block.table, first: block.address, end: block.address + block.count, path: at };
    if (range.first < base || range.end > ADDRESSES + base) {
      const message = `the block is from ${range.first} to ${range.end - 1}, addresses are from ${base} to ${ADDRESSES - 1 + base}`;
      inquiry.say("CONFIG_BLOCK", [...at, "address"], message, `write at most ${ADDRESSES + base - block.count}`);
      continue;
    }
    const other = blocks.find((one) => overlap(one, range));
    if (other !== undefined) {
      const message = `the block overlaps ${formatPath(other.path)}: it would not be clear which of the two is read`;
      inquiry.say("CONFIG_BLOCK", at, message, "make one block of the two, or let the second begin behind the first");
    }
    blocks.push(range);
  }
  checkPoints(device, blocks, path, inquiry);
}

function checkPoints(device: Loose<Device>, blocks: readonly Range[], path: Path, inquiry: Inquiry): void {
  for (const [p, point] of (device.points ?? []).entries()) {
    const { table, address } = point ?? {};
    if (point === undefined || table === undefined || address === undefined || !inquiry.whole(point)) continue;
    const type = point.type ?? defaultType(table);
    // a record's extent is judged by its own rule; what matters here is where it begins
    const count = type === "record" ? 1 : pointCount(type, point.length);
    const at = [...path, "points", p];
    const range = { table, first: address, end: address + count, path: at };
    const block = blocks.find((one) => overlap(one, range) && (one.first > range.first || one.end < range.end));
    if (block === undefined) continue;
    const message = `this ${type} is half in ${formatPath(block.path)}, which is from ${block.first} to ${block.end - 1}`;
    inquiry.say(
      "CONFIG_BLOCK",
      [...at, "address"],
      message,
      "let the block reach over the whole value, or end before it",
    );
  }
}

function overlap(one: Range, other: Range): boolean {
  return one.table === other.table && one.first < other.end && other.first < one.end;
}

import type { Group, TableName } from "./field.ts";
import type { Notes } from "./notes.ts";

export interface Span {
  readonly table: TableName;
  readonly address: number;
  readonly count: number;
  /** read along only */
  readonly omitted: boolean;
}

type Block = Group["blocks"][number];
/** What the gateway's schema takes. */
const BLOCKS_MAX = 256;

/** Runs of neighbouring fields that are read in one go only because omitted ones fill their holes. */
export function blocksOf(spans: readonly Span[]): readonly Block[] {
  const runs: { table: TableName; address: number; count: number; omits: boolean; reads: boolean }[] = [];
  for (const { table, address, count, omitted } of spans.toSorted((a, b) => a.address - b.address)) {
    const last = runs.findLast((run) => run.table === table);
    if (last !== undefined && address <= last.address + last.count) {
      last.count = Math.max(last.count, address + count - last.address);
      last.omits ||= omitted;
      last.reads ||= !omitted;
    } else runs.push({ table, address, count, omits: omitted, reads: !omitted });
  }
  return runs
    .filter(({ omits, reads }) => omits && reads)
    .map(({ table, address, count }) => ({ table, address, count }));
}

/** The blocks of all requests of one device: those that overlap become one, and each reaches over whole values. */
export function jointBlocks(groups: readonly Group[], notes: Notes): readonly Block[] {
  const fields = groups.flatMap((group) => group.fields);
  let joint: Block[] = [];
  for (const block of groups.flatMap((group) => group.blocks)) {
    let grown = block;
    for (let before: Block | undefined; before !== grown;) {
      before = grown;
      for (const other of [...fields, ...joint]) if (overlap(grown, other)) grown = around(grown, other);
    }
    joint = [...joint.filter((other) => !overlap(other, grown)), grown];
  }
  if (joint.length <= BLOCKS_MAX) return joint.toSorted((a, b) => a.address - b.address);
  const place = fields[0]?.place ?? "";
  notes.lost(
    place,
    `omit: the omitted fields make ${joint.length} blocks, at most ${BLOCKS_MAX} are taken, so none is`,
  );
  return [];
}

function overlap(a: Block, b: Block): boolean {
  return a.table === b.table && a.address < b.address + b.count && b.address < a.address + a.count;
}

/** The same block where nothing has to be added, so that growing ends. */
function around(block: Block, { address, count }: Block): Block {
  const first = Math.min(block.address, address);
  const end = Math.max(block.address + block.count, address + count);
  return first === block.address && end === block.address + block.count
    ? block
    : { ...block, address: first, count: end - first };
}

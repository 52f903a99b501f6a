import type { Node, Scalar } from "yaml";
import { startOf } from "../start-of.ts";

/** What holds while one piece of the files is written out. */
export interface Scope {
  /** the value of a variable or parameter */
  valueOf(name: string): Scalar | undefined;
  /** every name that has a meaning here */
  names(): readonly string[];
  /** path of the file that the piece stands in */
  readonly path: string;
  /** templates that are being written out, outermost first */
  readonly using: readonly string[];
  /** Offset that stands for a place of the piece in this use of it. */
  moved(offset: number): number;
  /** what each aliased node came to, so that an alias is written out once */
  readonly repeated: Map<Node, Node>;
}

/** A range of a node, moved to where it is used. */
export function movedRange(node: Node, scope: Scope): readonly [number, number] {
  const begin = startOf(node) ?? 0;
  const end = node.range?.[1] ?? begin;
  const moved = scope.moved(begin);
  return [moved, moved + end - begin];
}

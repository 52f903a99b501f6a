import { Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { Node, Pair } from "yaml";

/** First offset of a node, and the one behind its last. */
export type Span = readonly [begin: number, end: number];

/**
 * A plain value with the place where a person wrote it. Not a clone of a node that stands elsewhere: the library copies
 * one property by property, which is most of the time that a big configuration takes.
 * @param source how it stands there, where that is known
 * @param type with which quotes, where the characters of a text stand there one by one
 */
export function scalarAt(
  value: unknown,
  source: string | undefined,
  [begin, end]: Span,
  type?: Scalar["type"],
): Scalar {
  const scalar: Scalar & { range?: Node["range"] } = new Scalar(value);
  if (source !== undefined) scalar.source = source;
  if (type !== undefined) scalar.type = type;
  scalar.range = [begin, end, end];
  return scalar;
}

export function mapAt(items: Pair[], span: Span | undefined): YAMLMap {
  const map: YAMLMap & { range?: Node["range"] } = new YAMLMap();
  map.items = items;
  if (span !== undefined) map.range = [span[0], span[1], span[1]];
  return map;
}

export function listAt(items: unknown[], [begin, end]: Span): YAMLSeq {
  const list: YAMLSeq & { range?: Node["range"] } = new YAMLSeq();
  list.items = items;
  list.range = [begin, end, end];
  return list;
}

import { isMap, isScalar, isSeq } from "yaml";
import { startOf } from "../start-of.ts";

/** One `${name}` in a text; `name` is undefined for `$${`, which stands for `${` itself. */
export interface Reference {
  readonly name: string | undefined;
  /** UTF-16 units into the text */
  readonly begin: number;
  readonly end: number;
}

const REFERENCE = /\$\$\{|\$\{([^{}]*)\}?/gu;

/** Every `${name}` of a text, in order. */
export function referencesIn(text: string): readonly Reference[] {
  if (!text.includes("${")) return [];
  return Array.from(text.matchAll(REFERENCE), (match) => ({
    name: match[1],
    begin: match.index,
    end: match.index + match[0].length,
  }));
}

/** Every `${name}` below a node, with where its text begins. Aliases are left out: what they stand for is met elsewhere. */
export function* referencesBelow(node: unknown): Generator<{ readonly name: string; readonly offset: number }> {
  if (isScalar(node)) {
    if (typeof node.value !== "string") return;
    for (const { name } of referencesIn(node.value)) if (name !== undefined) yield { name, offset: startOf(node) ?? 0 };
  } else if (isMap(node)) {
    for (const { value } of node.items) yield* referencesBelow(value);
  } else if (isSeq(node)) {
    for (const item of node.items) yield* referencesBelow(item);
  }
}

import { isScalar } from "yaml";
import { startOf } from "./start-of.ts";

/**
 * Offset in the file of one character of a plain text, for faults within a text of its own grammar. The beginning of
 * the text where escapes or folded lines keep the two from running side by side.
 * @param character UTF-16 units into the value
 */
export function insideOf(node: unknown, character: number): number | undefined {
  const start = startOf(node);
  if (start === undefined || !isScalar(node) || typeof node.value !== "string") return start;
  const { value, range, type } = node;
  const length = (range?.[1] ?? start) - start;
  switch (type) {
    case "PLAIN":
      return length === value.length ? start + character : start;
    case "QUOTE_DOUBLE":
      return length === value.length + QUOTES ? start + 1 + character : start;
    case "QUOTE_SINGLE": {
      // a ' within is written twice
      const doubled = (text: string): number => text.split("'").length - 1;
      if (length !== value.length + doubled(value) + QUOTES) return start;
      return start + 1 + character + doubled(value.slice(0, character));
    }
    default:
      return start;
  }
}

const QUOTES = 2;

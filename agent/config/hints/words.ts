import { isAlias, isMap, isScalar, isSeq } from "yaml";
import { quote } from "../quote.ts";
import type { Shape } from "../schema/shape.ts";

/** What somebody wrote, as the middle of a sentence. */
export function describe(node: unknown): string {
  if (isMap(node)) return "a mapping";
  if (isSeq(node)) return "a list";
  if (isAlias(node)) return "an alias";
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string") return `the text ${quote(value)}`;
  if (typeof value === "number") return `the number ${sourceOf(node) ?? String(value)}`;
  if (typeof value === "boolean") return String(value);
  return "a value of another kind";
}

/** What the schema wants, as the middle of a sentence. */
export function wanted(shape: Shape): string {
  if (shape.anyOf !== undefined)
    return `one of ${shape.anyOf.map((option) => JSON.stringify(option.const)).join(", ")}`;
  if (Array.isArray(shape.type)) return `true or false, a number, or text${textLength(shape)}`;
  switch (shape.type) {
    case "object":
      return "a mapping of keys to values";
    case "array":
      return `a list${between(shape.minItems, shape.maxItems, " with")}${shape.maxItems === undefined ? "" : " entries"}`;
    case "integer":
      return `a whole number${between(shape.minimum, shape.maximum, "")}`;
    case "number":
      return `a number${between(shape.minimum, shape.maximum, "")}`;
    case "boolean":
      return "true or false";
    case "string":
      return `text${textLength(shape)}`;
    default:
      return "something else";
  }
}

/** How a number stands in the file, cut to what fits in a sentence. */
export function sourceOf(node: unknown): string | undefined {
  const source = isScalar(node) ? node.source : undefined;
  return source === undefined || source.length > 40 ? undefined : source;
}

function textLength({ minLength, maxLength }: Shape): string {
  if (maxLength === undefined) return "";
  return minLength === undefined
    ? ` of at most ${maxLength} characters`
    : ` of ${minLength} to ${maxLength} characters`;
}

function between(min: number | undefined, max: number | undefined, word: string): string {
  if (min !== undefined && max !== undefined) return `${word} from ${min} to ${max}`.replace("with from", "with");
  const of = word === "" ? " of" : word;
  if (min !== undefined) return `${of} at least ${min}`;
  return max === undefined ? "" : `${of} at most ${max}`;
}

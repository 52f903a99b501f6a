import { visible, visibleJson } from "./visible.ts";

const NESTING_SHOWN_MAX = 4;
const LINES_MAX = 500;

/** A JSON document for people: a line for each value that is not empty, what belongs together indented. */
export function jsonLines(body: object): readonly string[] {
  const lines = nested(body, 1);
  return lines.length <= LINES_MAX
    ? lines
    : [...lines.slice(0, LINES_MAX), `and ${lines.length - LINES_MAX} more lines`];
}

function nested(body: object, depth: number): readonly string[] {
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(body)
    ? body.map((value: unknown) => ["-", value] as const)
    : Object.entries(body).map(([key, value]: [string, unknown]) => [`${visible(key)}:`, value] as const);
  return entries.flatMap(([label, value]) => {
    if (typeof value !== "object" || value === null) return [`${label} ${scalar(value)}`];
    if (Object.keys(value).length === 0) return [`${label} none`];
    if (isFlat(value)) return [`${label} ${flat(value)}`];
    if (depth === NESTING_SHOWN_MAX) return [`${label} ${visibleJson(value)}`];
    return [label, ...nested(value, depth + 1).map((line) => `  ${line}`)];
  });
}

/** Short enough for one line: nothing nested in it. */
function isFlat(value: object): boolean {
  const parts: readonly unknown[] = Object.values(value);
  return parts.length <= FLAT_PARTS_MAX && parts.every((part) => typeof part !== "object" || part === null);
}

const FLAT_PARTS_MAX = 6;

function flat(value: object): string {
  const parts: readonly [string, unknown][] = Object.entries(value);
  const named = !Array.isArray(value);
  return parts.map(([key, part]) => (named ? `${visible(key)} ${scalar(part)}` : scalar(part))).join(", ");
}

function scalar(value: unknown): string {
  return typeof value === "string" ? visible(value) || "empty" : String(value);
}

import { isScalar } from "yaml";
import type { ConfigCode } from "./codes.ts";
import type { Findings, Path } from "./findings.ts";
import { numberHint, rangeHint, typeHint, wordHint } from "./hints/value.ts";
import { describe, sourceOf, wanted } from "./hints/words.ts";
import { PATTERNS } from "./patterns.ts";
import { quote } from "./quote.ts";
import type { Shape } from "./schema/shape.ts";

/** A plain value as the schema wants it, or undefined after a finding. */
export function judgeScalar(shape: Shape, node: unknown, path: Path, offset: number, findings: Findings): unknown {
  const refuse = (code: ConfigCode, message: string, hint: string): undefined => {
    findings.add(code, offset, path, message, hint);
    return undefined;
  };
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (shape.anyOf !== undefined) {
    if (shape.anyOf.some((option) => option.const === value)) return value;
    return refuse("CONFIG_VALUE_UNKNOWN", `${describe(node)} is not ${wanted(shape)}`, wordHint(shape.anyOf, node));
  }
  if (!isOfKind(shape, value)) {
    const message = `${describe(node)} stands where ${wanted(shape)} is wanted`;
    return refuse("CONFIG_TYPE", message, typeHint(shape, node, String(path.at(-1) ?? "")));
  }
  if (typeof value === "number") {
    const form = numberFault(value, sourceOf(node));
    if (form !== undefined) return refuse("CONFIG_NUMBER_FORM", form, numberHint(value, sourceOf(node)));
    if (shape.type === "integer" && !Number.isInteger(value))
      return refuse("CONFIG_TYPE", `${value} is no whole number`, `write ${Math.round(value)}`);
    if (value < (shape.minimum ?? -Infinity) || value > (shape.maximum ?? Infinity))
      return refuse("CONFIG_RANGE", `${describe(node)} is not ${wanted(shape)}`, rangeHint(shape, value, path));
  }
  if (typeof value === "string") {
    const { minLength = 0, maxLength = Infinity, pattern } = shape;
    const length = Array.from(value).length;
    if (length < minLength || length > maxLength) {
      const message = `the text has ${length} characters, ${wanted(shape)} is wanted`;
      return refuse("CONFIG_LENGTH", message, length < minLength ? "write something" : "shorten it");
    }
    const about = pattern === undefined ? undefined : PATTERNS[pattern];
    if (pattern !== undefined && !(about?.regExp ?? new RegExp(pattern, "u")).test(value)) {
      const message = `${quote(value)} is not ${about?.wanted ?? `text that matches ${pattern}`}`;
      return refuse(about?.code ?? "CONFIG_TEXT", message, about?.hint(value) ?? "use other characters");
    }
  }
  return value;
}

function isOfKind(shape: Shape, value: unknown): boolean {
  if (Array.isArray(shape.type)) return shape.type.includes(typeof value);
  if (shape.type === "integer" || shape.type === "number") return typeof value === "number";
  return shape.type === "string" ? typeof value === "string" : shape.type === "boolean" && typeof value === "boolean";
}

/** `010` is ten in YAML 1.2 and eight in YAML 1.1: whoever wrote it may have meant either. */
function numberFault(value: number, source: string | undefined): string | undefined {
  if (!Number.isFinite(value)) return `${source ?? String(value)} is no finite number`;
  if (source !== undefined && /^[-+]?0[0-9]/u.test(source))
    return `${source} begins with 0, which YAML 1.1 reads as octal and YAML 1.2 does not`;
  return undefined;
}

import { isScalar } from "yaml";
import type { Scalar } from "yaml";
import type { FindingSink, Path } from "../findings.ts";
import { describe } from "../hints/words.ts";
import { quote } from "../quote.ts";
import { startOf } from "../start-of.ts";
import { VALUE_CHARS_MAX } from "./limits.ts";

/** What a variable or parameter may be called. */
export const VARIABLE_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/u;
export const VARIABLE_TYPES = ["text", "number", "boolean"] as const;
export type VariableType = (typeof VARIABLE_TYPES)[number];

/** A variable of the file, or a parameter of a template. */
export interface Declared {
  readonly name: string;
  /** of its key */
  readonly offset: number;
  readonly type?: VariableType;
  readonly fallback?: Scalar;
  readonly description?: string;
}

export type Values = ReadonlyMap<string, Scalar>;

/** Whether a value may stand for a variable: one plain value of its type, not too long. Says why not. */
export function isValueOf(declared: Declared, node: unknown, path: Path, findings: FindingSink): node is Scalar {
  const offset = startOf(node) ?? declared.offset;
  const refuse = (message: string, hint: string): false => {
    findings.add("CONFIG_VARIABLE_VALUE", offset, path, message, hint);
    return false;
  };
  const name = quote(declared.name);
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (!isScalar(node) || value === null || value === undefined)
    return refuse(
      `${describe(node)} is no value of ${name}, one plain value is wanted`,
      "write text, a number, true or false",
    );
  const type = typeOf(value);
  if (declared.type !== undefined && type !== declared.type) {
    const hint =
      declared.type === "text" ? `put it in quotes: ${quote(spelled(node))}` : `write ${WANTED[declared.type]}`;
    return refuse(`${name} is ${describe(node)}, ${WANTED[declared.type]} is wanted`, hint);
  }
  if (spelled(node).length > VALUE_CHARS_MAX)
    return refuse(`${name} has ${spelled(node).length} characters, at most ${VALUE_CHARS_MAX} are taken`, "shorten it");
  return true;
}

/** How a value stands in the file: what a text becomes that mentions it. */
export function spelled(node: Scalar): string {
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}

export function typeOf(value: unknown): VariableType | undefined {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "boolean" : undefined;
}

const WANTED: Readonly<Record<VariableType, string>> = { text: "text", number: "a number", boolean: "true or false" };

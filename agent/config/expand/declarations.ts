import { isMap, isScalar } from "yaml";
import type { Node, Scalar } from "yaml";
import type { FindingSink, Path } from "../findings.ts";
import { nearest } from "../hints/nearest.ts";
import { describe } from "../hints/words.ts";
import { quote } from "../quote.ts";
import { startOf } from "../start-of.ts";
import { referencesIn } from "./references.ts";
import { VARIABLE_NAME, VARIABLE_TYPES, isValueOf, typeOf } from "./names.ts";
import type { Declared, VariableType } from "./names.ts";

const DECLARATION_KEYS = ["type", "default", "description"] as const;
const DECLARATION_HINT = "write `{ type: text, number or boolean, default: …, description: … }`, each as wanted";

/** The entries of a mapping whose keys are names. */
export function* namedEntries(
  node: unknown,
  what: string,
  path: Path,
  findings: FindingSink,
): Generator<{ readonly name: string; readonly offset: number; readonly value: Node | null }> {
  if (!isMap(node)) {
    const hint = "write each on a line of its own, as `name: value`";
    findings.add("CONFIG_TYPE", startOf(node) ?? 0, path, `${describe(node)} stands where ${what} are wanted`, hint);
    return;
  }
  for (const { key, value } of node.items) {
    const name: unknown = isScalar(key) ? key.value : undefined;
    const offset = startOf(key) ?? startOf(node) ?? 0;
    if (typeof name === "string" && VARIABLE_NAME.test(name)) {
      yield { name, offset, value: value as Node | null };
      continue;
    }
    const message = `${describe(key)} is no name, letters, digits, _ and - are wanted, a letter first`;
    findings.add("CONFIG_TEXT", offset, path, message, "choose another name");
  }
}

/** What `name: value` declares: a plain value is the default and sets the type, a mapping says more. */
export function declarationOf(
  name: string,
  offset: number,
  value: Node | null,
  path: Path,
  findings: FindingSink,
): Declared | undefined {
  if (!isMap(value)) {
    const declared: Declared = { name, offset };
    if (!isGivenValueOf(declared, value, path, findings)) return undefined;
    const type = typeOf(value.value);
    return { ...declared, fallback: value, ...(type === undefined ? {} : { type }) };
  }
  const given = new Map<string, unknown>();
  for (const { key, value: part } of value.items) {
    const word: unknown = isScalar(key) ? key.value : undefined;
    if (typeof word === "string" && DECLARATION_KEYS.some((known) => known === word)) {
      given.set(word, part);
      continue;
    }
    const near = typeof word === "string" ? nearest(word, DECLARATION_KEYS) : undefined;
    const hint = near === undefined ? DECLARATION_HINT : `did you mean \`${near}\`?`;
    const message = `${describe(key)} is not a key of a variable`;
    findings.add("CONFIG_KEY_UNKNOWN", startOf(key) ?? offset, path, message, hint);
  }
  const type = plain(given.get("type"));
  if (given.has("type") && !isVariableType(type)) {
    const message = `${describe(given.get("type"))} is not one of ${VARIABLE_TYPES.map((word) => quote(word)).join(", ")}`;
    findings.add(
      "CONFIG_VALUE_UNKNOWN",
      startOf(given.get("type")) ?? offset,
      [...path, "type"],
      message,
      "write one of them",
    );
    return undefined;
  }
  const description = plain(given.get("description"));
  const declared: Declared = {
    name,
    offset,
    ...(isVariableType(type) ? { type } : {}),
    ...(typeof description === "string" ? { description } : {}),
  };
  if (!given.has("default")) return declared;
  const fallback = given.get("default");
  if (!isGivenValueOf(declared, fallback, [...path, "default"], findings)) return undefined;
  return { ...declared, fallback };
}

/** The same of a value that is written down, which mentions no other. */
export function isGivenValueOf(declared: Declared, node: unknown, path: Path, findings: FindingSink): node is Scalar {
  if (!isValueOf(declared, node, path, findings)) return false;
  if (typeof node.value !== "string" || referencesIn(node.value).length === 0) return true;
  const message = `the value of ${quote(declared.name)} mentions another variable`;
  findings.add("CONFIG_VARIABLE_VALUE", startOf(node) ?? declared.offset, path, message, "write the value out");
  return false;
}

/** What to write for one that has no value. */
export function valueHint({ name, description, type }: Declared, before: string): string {
  const about = [description, type].filter((word) => word !== undefined).join("; ");
  return `add \`${name}: …\` ${before}${about === "" ? "" : ` (${about})`}`;
}

function plain(node: unknown): unknown {
  return isScalar(node) ? node.value : undefined;
}

function isVariableType(value: unknown): value is VariableType {
  return VARIABLE_TYPES.some((type) => type === value);
}

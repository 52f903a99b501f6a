import { isMap, isScalar, isSeq } from "yaml";
import type { Node, YAMLMap, YAMLSeq } from "yaml";
import type { FindingSink } from "../findings.ts";
import { nearest } from "../hints/nearest.ts";
import { describe } from "../hints/words.ts";
import { quote } from "../quote.ts";
import { startOf } from "../start-of.ts";
import { declarationOf, namedEntries } from "./declarations.ts";
import type { Declared } from "./names.ts";
import { referencesBelow } from "./references.ts";

const KEYS = ["description", "parameters", "body"] as const;

/** One entry of `templates:`. */
export interface Template {
  readonly name: string;
  readonly offset: number;
  /** path of the file it is written in: files that it names are looked for from there */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, Declared>;
  readonly body: YAMLMap | YAMLSeq;
}

/** @returns undefined after a finding */
export function templateOf(
  name: string,
  offset: number,
  value: Node | null,
  path: string,
  findings: FindingSink,
): Template | undefined {
  const at = ["templates", name];
  if (!isMap(value)) {
    const message = `${describe(value)} stands where a template is wanted`;
    findings.add(
      "CONFIG_TYPE",
      startOf(value) ?? offset,
      at,
      message,
      "write `parameters:` and `body:` below it, indented",
    );
    return undefined;
  }
  const given = new Map<string, Node | null>();
  const before = findings.count;
  for (const { key, value: part } of value.items) {
    const word: unknown = isScalar(key) ? key.value : undefined;
    if (typeof word === "string" && KEYS.some((known) => known === word)) {
      given.set(word, part as Node | null);
      continue;
    }
    const near = typeof word === "string" ? nearest(word, KEYS) : undefined;
    const hint = near === undefined ? "put it into the `body:`" : `did you mean \`${near}\`?`;
    findings.add("CONFIG_KEY_UNKNOWN", startOf(key) ?? offset, at, `${describe(key)} is not a key of a template`, hint);
  }
  const parameters = parametersOf(given.get("parameters"), name, findings);
  const body = given.get("body");
  if (!isMap(body) && !isSeq(body)) {
    // one that is misspelt was said already
    if (body === undefined && findings.count > before) return undefined;
    const message = `the template ${quote(name)} has no body, a mapping or a list is wanted`;
    findings.add("CONFIG_USE", startOf(body) ?? offset, at, message, "add `body:` with what the template stands for");
    return undefined;
  }
  refuseUnused(parameters, body, name, findings);
  return { name, offset, path, parameters, body };
}

function parametersOf(node: unknown, template: string, findings: FindingSink): ReadonlyMap<string, Declared> {
  const parameters = new Map<string, Declared>();
  if (node === undefined) return parameters;
  const path = ["templates", template, "parameters"];
  for (const { name, offset, value } of namedEntries(node, "parameters", path, findings)) {
    const declared = declarationOf(name, offset, value, [...path, name], findings);
    // one that was refused is known all the same: what uses it is not wrong
    parameters.set(name, declared ?? { name, offset });
  }
  return parameters;
}

function refuseUnused(
  parameters: ReadonlyMap<string, Declared>,
  body: Node,
  template: string,
  findings: FindingSink,
): void {
  const mentioned = new Set(Array.from(referencesBelow(body), ({ name }) => name));
  for (const { name, offset } of parameters.values()) {
    if (mentioned.has(name)) continue;
    const message = `nothing in the body of ${quote(template)} mentions its parameter ${quote(name)}`;
    const hint = `write \`\${${name}}\` where it belongs, or delete it`;
    findings.add("CONFIG_VARIABLE_UNUSED", offset, ["templates", template, "parameters", name], message, hint);
  }
}

import { isMap, isScalar, isSeq } from "yaml";
import type { Node, YAMLMap, YAMLSeq } from "yaml";
import type { YamlDocument } from "./document.ts";
import { OWN_KEYS } from "./expand/own-keys.ts";
import type { Findings, Path } from "./findings.ts";
import { unknownKeyHint } from "./hints/key.ts";
import { describe, wanted } from "./hints/words.ts";
import { quote } from "./quote.ts";
import { judgeScalar } from "./scalar.ts";
import type { Shape } from "./schema/shape.ts";
import { startOf } from "./start-of.ts";

export interface Shaped {
  readonly value: unknown;
  /** Whether an object has all its keys, no others, and every plain value in it is of its kind. */
  whole(part: object): boolean;
}

/**
 * Values that a file may come to once its aliases, templates and tables are written out: 800 devices of 30 points with
 * every key, which is more than fits between the rooms. Each takes some 500 bytes while the file is judged.
 */
export const VALUES_MAX = 600_000;

/** Holds the document against the schema, key by key, and gives what can be used of it. */
export function checkShape(shape: Shape, document: YamlDocument, findings: Findings): Shaped {
  const broken = new WeakSet<object>();
  let visited = 0;

  const walk = (at: Shape, written: unknown, path: Path, offset: number): unknown => {
    visited += 1;
    if (visited > VALUES_MAX) {
      if (visited === VALUES_MAX + 1) refuseSize(findings);
      return undefined;
    }
    const node = document.target(written);
    const place = startOf(written) ?? offset;
    if (at.type === "object" && isMap(node)) return walkMap(at, node, path, place);
    if (at.type === "array" && isSeq(node)) return walkList(at, node, path, place);
    return judgeScalar(at, node, path, place, findings);
  };

  const walkMap = (at: Shape, map: YAMLMap, path: Path, offset: number): object => {
    const value: Record<string, unknown> = {};
    const properties = at.properties ?? {};
    for (const { key, value: written } of map.items) {
      const name = keyName(key);
      const known = name !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
      const keyOffset = startOf(key) ?? offset;
      if (name === undefined || known === undefined) {
        broken.add(value);
        refuseKey(at, name, key as Node, [...path], keyOffset, findings);
        continue;
      }
      const part = walk(known, written, [...path, name], keyOffset);
      if (part === undefined) broken.add(value);
      value[name] = part;
    }
    for (const name of at.required ?? []) {
      if (Object.hasOwn(value, name)) continue;
      broken.add(value);
      const message = `${path.length === 0 ? "the file" : "this mapping"} has no ${quote(name)}, which it needs`;
      findings.add("CONFIG_KEY_MISSING", offset, [...path, name], message, missingHint(name, properties[name]));
    }
    return value;
  };

  const walkList = (at: Shape, list: YAMLSeq, path: Path, offset: number): readonly unknown[] => {
    const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items = {} } = at;
    if (list.items.length < minItems || list.items.length > maxItems) {
      const message = `the list has ${list.items.length} entries, ${wanted(at)} is wanted`;
      const hint = list.items.length < minItems ? "add an entry: a line that begins with `- `" : "divide it";
      findings.add("CONFIG_LENGTH", offset, path, message, hint);
    }
    return list.items.slice(0, maxItems).map((item, index) => walk(items, item, [...path, index], offset));
  };

  const value = walk(shape, document.root, [], 0);
  return { value, whole: (part) => !broken.has(part) };
}

function keyName(key: unknown): string | undefined {
  return isScalar(key) && typeof key.value === "string" ? key.value : undefined;
}

function refuseKey(at: Shape, name: string | undefined, key: Node, path: Path, offset: number, f: Findings): void {
  if (name === undefined) {
    f.add("CONFIG_KEY_UNKNOWN", offset, path, `${describe(key)} is no key`, "a key is plain text");
    return;
  }
  const message = `${quote(name)} is not a key ${path.length === 0 ? "of a gateway file" : "that can stand here"}`;
  const others = path.length === 0 ? OWN_KEYS : [];
  f.add("CONFIG_KEY_UNKNOWN", offset, [...path, name], message, unknownKeyHint(at, name, others));
}

function missingHint(name: string, shape: Shape | undefined): string {
  const what = shape?.description === undefined ? "" : ` (${shape.description})`;
  if (shape?.type === "object" || shape?.type === "array") return `add \`${name}:\` with what belongs to it${what}`;
  return `add a line \`${name}: …\`${what}`;
}

function refuseSize(findings: Findings): void {
  const message = `with its aliases written out the file has more than ${VALUES_MAX} values`;
  findings.add("CONFIG_SIZE", -1, [], message, "divide the plant between several gateways");
}

import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Alias, Node, YAMLMap } from "yaml";
import type { FindingSink } from "./findings.ts";
import { quote } from "./quote.ts";
import { startOf } from "./start-of.ts";

/** Tags of YAML's own core schema; anything else would silently be another kind of value. */
const KNOWN_TAGS = new Set(
  ["bool", "float", "int", "map", "null", "seq", "str"].map((name) => `tag:yaml.org,2002:${name}`),
);

/**
 * One pass over the tree in the order of the text, for what concerns YAML and not the gateway: what each alias stands
 * for, keys given twice, tags. An alias means the latest anchor of its name before it.
 */
export function surveyTree(root: Node, findings: FindingSink): ReadonlyMap<Alias, Node> {
  const targets = new Map<Alias, Node>();
  const anchors = new Map<string, Node>();
  const open = new Set<Node>();
  const visit = (node: unknown): void => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined || open.has(target)) refuseAlias(node, target !== undefined, findings);
      else targets.set(node, target);
      return;
    }
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return;
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (node.tag !== undefined && !KNOWN_TAGS.has(node.tag)) refuseTag(node, node.tag, findings);
    if (isScalar(node)) {
      if (typeof node.value === "string" && node.value.length > TEXT_CHARS_MAX) refuseLength(node, findings);
      return;
    }
    open.add(node);
    if (isMap(node)) {
      refuseDuplicates(node, findings);
      for (const { key, value } of node.items) {
        visit(key);
        visit(value);
      }
    } else for (const item of node.items) visit(item);
    open.delete(node);
  };
  visit(root);
  return targets;
}

function refuseAlias(alias: Alias, cyclic: boolean, findings: FindingSink): void {
  const name = quote(`*${alias.source}`);
  const message = cyclic ? `the alias ${name} stands inside what it stands for` : `nothing before ${name} is marked`;
  const hint = cyclic
    ? "write the value out"
    : `mark a value further up with ${quote(`&${alias.source}`)}, or put the text in quotes`;
  findings.add("CONFIG_YAML_ALIAS", startOf(alias) ?? 0, [], message, hint);
}

/** Longest single text, far above what any key takes: aliases and templates may repeat it, and each time it is looked at. */
const TEXT_CHARS_MAX = 65_536;

function refuseLength(node: Node, findings: FindingSink): void {
  const message = `a text is longer than ${TEXT_CHARS_MAX} characters`;
  findings.add("CONFIG_SIZE", startOf(node) ?? 0, [], message, "is a quote or a line break missing?");
}

function refuseTag(node: Node, tag: string, findings: FindingSink): void {
  const hint = "delete the tag; put text in quotes to keep it text";
  findings.add("CONFIG_YAML_TAG", startOf(node) ?? 0, [], `the tag ${quote(tag)} means nothing here`, hint);
}

function refuseDuplicates(map: YAMLMap, findings: FindingSink): void {
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    const name: unknown = isScalar(key) ? key.value : key;
    if (seen.has(name)) {
      const hint = "keep one of them";
      const message = `the key ${quote(String(name))} is already given in this mapping`;
      findings.add("CONFIG_KEY_DUPLICATE", startOf(key) ?? 0, [], message, hint);
    }
    seen.add(name);
  }
}

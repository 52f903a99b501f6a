import { YAMLMap, isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Alias, Node } from "yaml";
import { parseYaml } from "../document.ts";
import type { ParsedYaml } from "../document.ts";
import type { Findings } from "../findings.ts";
import { describe } from "../hints/words.ts";
import { quote } from "../quote.ts";
import { startOf } from "../start-of.ts";
import { EXTENDS_DEPTH_MAX } from "./limits.ts";
import { OWN_KEYS } from "./own-keys.ts";
import type { OwnKey } from "./own-keys.ts";
import type { Parts } from "./parts.ts";
import type { Places } from "./places.ts";

/** One YAML file of the chain. */
export interface Link {
  readonly path: string;
  readonly root: YAMLMap;
  /** what stands behind each of the keys that are not the gateway's own */
  readonly own: ReadonlyMap<OwnKey, { readonly offset: number; readonly value: Node | null }>;
}

export interface Chain {
  /** the first file, then what it extends, and so on */
  readonly links: readonly [Link, ...Link[]];
  readonly targets: ReadonlyMap<Alias, Node>;
  /** the keys of the gateway in each file: where two give one, the file that extends the other wins */
  readonly pieces: readonly { readonly path: string; readonly keys: YAMLMap }[];
}

/**
 * Follows `extends:` from the first file to the last.
 * @returns undefined where the first file is no mapping: nothing in it can extend anything; or after a finding
 */
export function readChain(
  first: ParsedYaml,
  firstPath: string,
  parts: Parts,
  places: Places,
  findings: Findings,
): Chain | undefined {
  if (!isMap(first.root)) return undefined;
  const links: [Link, ...Link[]] = [linkOf(first.root, firstPath)];
  const targets = new Map(first.targets);
  for (;;) {
    const link = links.at(-1);
    const extended = link?.own.get("extends");
    if (link === undefined || extended === undefined) break;
    const next = openNext(links, link, extended, parts, places, findings);
    if (next === undefined) return undefined;
    for (const [alias, target] of next.targets) targets.set(alias, target);
    links.push(next.link);
  }
  return { links, targets, pieces: piecesOf(links) };
}

function openNext(
  links: readonly Link[],
  link: Link,
  { offset, value }: { readonly offset: number; readonly value: Node | null },
  parts: Parts,
  places: Places,
  findings: Findings,
): { readonly link: Link; readonly targets: ReadonlyMap<Alias, Node> } | undefined {
  const at = ["extends"];
  const place = startOf(value) ?? offset;
  if (!isScalar(value) || typeof value.value !== "string") {
    findings.add(
      "CONFIG_TYPE",
      place,
      at,
      `${describe(value)} stands where a file is wanted`,
      "write the name of one file",
    );
    return undefined;
  }
  const file = parts.open(value.value, link.path, place, at);
  if (file === undefined) return undefined;
  if (links.some(({ path }) => path === file.path)) {
    const message = `${quote(file.name)} extends itself, by way of ${links.length === 1 ? "itself" : `${links.length} files`}`;
    findings.add("CONFIG_PART_CYCLE", place, at, message, "delete one of the `extends:` lines");
    return undefined;
  }
  if (links.length > EXTENDS_DEPTH_MAX) {
    const message = `more than ${EXTENDS_DEPTH_MAX} files extend each other`;
    findings.add("CONFIG_PART_CYCLE", place, at, message, "put some of them together");
    return undefined;
  }
  const begin = places.openFile(file.name, file.text);
  const sink = findings.from(begin);
  const parsed = parseYaml(file.text, sink);
  if (parsed === undefined) return undefined;
  moveBy(parsed.root, begin);
  if (!isMap(parsed.root)) {
    const message = `${describe(parsed.root)} stands where a gateway file is wanted`;
    findings.add("CONFIG_TYPE", begin, [], message, "write keys with values");
    return undefined;
  }
  return { link: linkOf(parsed.root, file.path), targets: parsed.targets };
}

function linkOf(root: YAMLMap, path: string): Link {
  const own = new Map<OwnKey, { readonly offset: number; readonly value: Node | null }>();
  for (const { key, value } of root.items) {
    const name = ownKey(key);
    if (name !== undefined) own.set(name, { offset: startOf(key) ?? 0, value: value as Node | null });
  }
  return { path, root, own };
}

function ownKey(key: unknown): OwnKey | undefined {
  return isScalar(key) ? OWN_KEYS.find((own) => own === key.value) : undefined;
}

function piecesOf(links: readonly Link[]): Chain["pieces"] {
  const given = new Set<unknown>();
  return links.map(({ root, path }) => {
    const mine = root.items.filter(({ key }) => ownKey(key) === undefined);
    const keys: YAMLMap & { range?: Node["range"] } = new YAMLMap();
    keys.items = mine.filter(({ key }) => !(isScalar(key) && given.has(key.value)));
    keys.range = root.range ?? null;
    for (const { key } of mine) if (isScalar(key)) given.add(key.value);
    return { path, keys };
  });
}

/** Gives every node of a further file the offsets that stand for it among all files. */
function moveBy(node: unknown, begin: number): void {
  if (!isMap(node) && !isSeq(node) && !isScalar(node) && !isAlias(node)) return;
  const { range } = node;
  if (range) node.range = [range[0] + begin, range[1] + begin, range[2] + begin];
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      moveBy(key, begin);
      moveBy(value, begin);
    }
  } else if (isSeq(node)) for (const item of node.items) moveBy(item, begin);
}

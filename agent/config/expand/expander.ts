import { Pair, isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Alias, Node, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { VALUES_MAX } from "../check-shape.ts";
import { FILE_CHARS_MAX } from "../document.ts";
import type { Path } from "../findings.ts";
import { describe } from "../hints/words.ts";
import type { Shape } from "../schema/shape.ts";
import { startOf } from "../start-of.ts";
import { csvList } from "./csv-list.ts";
import type { CsvList } from "./csv-list.ts";
import { refuseUnknown } from "./definitions.ts";
import type { ExpanderParts, Expands } from "./expander-parts.ts";
import { spelled } from "./names.ts";
import { VALUE_CHARS_MAX } from "./limits.ts";
import { listAt, mapAt, scalarAt } from "./nodes.ts";
import { referencesIn } from "./references.ts";
import type { Scope } from "./scope.ts";
import { movedRange } from "./scope.ts";
import { openUse, useOf } from "./use.ts";

/**
 * Writes out variables, templates and tables. What has none of them stays the very node that it was. There are no loops and
 * no arithmetic: what comes out is as long as the uses that somebody wrote down, and bounded besides.
 */
export class Expander implements Expands {
  readonly #with: ExpanderParts;
  #nodes = 0;
  #chars = 0;

  constructor(parts: ExpanderParts) {
    this.#with = parts;
  }

  /** @param shape what the schema wants here, as far as it is known */
  expand(node: Node | null, scope: Scope, shape: Shape | undefined, path: Path): Node | null {
    this.#nodes += 1;
    if (this.#nodes > VALUES_MAX) {
      if (this.#nodes === VALUES_MAX + 1) this.#refuseSize(`${VALUES_MAX} values`);
      return node;
    }
    if (isAlias(node)) return this.#alias(node, scope, shape, path);
    if (isScalar(node)) return this.#scalar(node, scope, path);
    if (isMap(node)) {
      const use = useOf(node);
      if (use !== undefined) return this.#use(node, use, scope, shape, path) ?? node;
      const csv =
        shape?.type === "array" ? node.items.find(({ key }) => isScalar(key) && key.value === "csv") : undefined;
      return csv === undefined ? this.#map(node, scope, shape, path) : this.#table(node, csv, scope, shape, path);
    }
    return isSeq(node) ? this.#list(node, scope, shape, path) : node;
  }

  /** The top level of one file, which is no template and no table. */
  keys(map: YAMLMap, scope: Scope, shape: Shape): YAMLMap {
    return this.#map(map, scope, shape, []);
  }

  #alias(alias: Alias, scope: Scope, shape: Shape | undefined, path: Path): Node {
    const target = this.#with.targets.get(alias);
    if (target === undefined) return alias;
    const known = scope.repeated.get(target);
    if (known !== undefined) return known;
    const written = this.expand(target, scope, shape, path) ?? target;
    const same = written === target ? alias : written;
    scope.repeated.set(target, same);
    return same;
  }

  #scalar(node: Scalar, scope: Scope, path: Path): Scalar {
    const { definitions, findings } = this.#with;
    const [begin, end] = movedRange(node, scope);
    const text = node.value;
    // a text longer than any value is work each time that it is used, whatever it comes to
    if (typeof text === "string" && text.length > VALUE_CHARS_MAX && !this.#afford(text.length)) return node;
    const references = typeof text === "string" ? referencesIn(text) : [];
    if (typeof text !== "string" || references.length === 0) {
      if (begin === startOf(node)) return node;
      return scalarAt(text, node.source, [begin, end], node.type);
    }
    const values = references.map(({ name }) => (name === undefined ? undefined : scope.valueOf(name)));
    for (const [index, { name }] of references.entries())
      if (name !== undefined && values[index] === undefined)
        refuseUnknown({ name, offset: begin }, scope.names(), path, definitions.nearest, findings);
    const [only] = references;
    const [value] = values;
    if (value !== undefined && only?.begin === 0 && only.end === text.length) {
      const from = startOf(value) ?? 0;
      const length = (value.range?.[1] ?? from) - from;
      const place = this.#with.places.quote(from, length, begin);
      return scalarAt(value.value, value.source, [place, place + length], value.type);
    }
    let written = "";
    let at = 0;
    for (const [index, reference] of references.entries()) {
      const part = values[index];
      written += text.slice(at, reference.begin) + (part === undefined ? "${" : spelled(part));
      at = reference.end;
    }
    written += text.slice(at);
    return scalarAt(this.#afford(written.length) ? written : "", undefined, [begin, end]);
  }

  /** Counts the characters of texts that are written out. @returns false once they are too many, which was said */
  #afford(chars: number): boolean {
    const before = this.#chars;
    this.#chars += chars;
    if (this.#chars <= FILE_CHARS_MAX) return true;
    if (before <= FILE_CHARS_MAX) this.#refuseSize(`${FILE_CHARS_MAX} characters`);
    return false;
  }

  #map(map: YAMLMap, scope: Scope, shape: Shape | undefined, path: Path): YAMLMap {
    let changed = scope.moved(startOf(map) ?? 0) !== startOf(map);
    const items = map.items.map((pair) => {
      const name = isScalar(pair.key) ? String(pair.key.value) : "";
      const key = isScalar(pair.key) ? this.#key(pair.key, scope) : pair.key;
      const inner =
        shape?.properties !== undefined && Object.hasOwn(shape.properties, name) ? shape.properties[name] : undefined;
      const value = this.expand(pair.value as Node | null, scope, inner, [...path, name]);
      if (value === pair.value && key === pair.key) return pair;
      changed = true;
      return new Pair(key, value);
    });
    return changed ? mapAt(items, movedRange(map, scope)) : map;
  }

  #key(key: Scalar, scope: Scope): Scalar {
    const [begin, end] = movedRange(key, scope);
    return begin === startOf(key) ? key : scalarAt(key.value, key.source, [begin, end]);
  }

  #list(list: YAMLSeq, scope: Scope, shape: Shape | undefined, path: Path): YAMLSeq {
    let changed = scope.moved(startOf(list) ?? 0) !== startOf(list);
    const items: unknown[] = [];
    for (const item of list.items) {
      const written = this.expand(item as Node | null, scope, shape?.items, [...path, items.length]);
      if (written !== item) changed = true;
      // a template of several entries takes their places, among the others
      if (isMap(item) && useOf(item) !== undefined && isSeq(written)) for (const one of written.items) items.push(one);
      else items.push(written);
    }
    return changed ? listAt(items, movedRange(list, scope)) : list;
  }

  #use(map: YAMLMap, use: Pair, scope: Scope, shape: Shape | undefined, path: Path): Node | undefined {
    const name = this.expand(use.value as Node | null, scope, undefined, [...path, "use"]);
    const opened = openUse(map, name, scope, { ...this.#with, expander: this, path });
    if (opened === undefined) return undefined;
    const { template, inner, others, range } = opened;
    const { body } = template;
    if (isSeq(body)) return this.#list(body, inner, shape?.type === "array" ? shape : { items: shape ?? {} }, path);
    const own = this.#map(mapAt(others, undefined), scope, shape, path).items;
    const given = new Set(own.map(({ key }) => (isScalar(key) ? key.value : undefined)));
    const written = this.#map(body, inner, shape, path).items;
    return mapAt([...written.filter(({ key }) => !(isScalar(key) && given.has(key.value))), ...own], range);
  }

  #table(map: YAMLMap, { key, value }: Pair, scope: Scope, shape: Shape | undefined, path: Path): YAMLSeq | YAMLMap {
    const { findings, parts, places } = this.#with;
    const at = [...path, "csv"];
    for (const other of map.items) {
      if (other.key === key) continue;
      const message = `${describe(other.key)} cannot stand beside \`csv\``;
      findings.add("CONFIG_KEY_UNKNOWN", scope.moved(startOf(other.key) ?? 0), path, message, "delete it");
    }
    const name = this.expand(value as Node | null, scope, undefined, at);
    const place = startOf(name) ?? scope.moved(startOf(key) ?? 0);
    if (!isScalar(name) || typeof name.value !== "string") {
      const message = `${describe(name)} stands where a file is wanted`;
      findings.add("CONFIG_TYPE", place, at, message, "write the name of one CSV file");
      return map;
    }
    const file = parts.open(name.value, scope.path, place, at);
    if (file === undefined) return map;
    const read: { table?: CsvList } = {};
    const begin = places.openFile(file.name, file.text, (offset) => read.table?.cellAt(offset));
    const table = csvList(file.text, shape?.items, path, findings.from(begin));
    read.table = table;
    const used = places.quote(begin, file.text.length, place);
    const inTable: Scope = { ...scope, moved: (offset) => offset + used, repeated: new Map() };
    return this.#list(table.list, inTable, shape, path);
  }

  #refuseSize(limit: string): void {
    const message = `with its templates and variables written out the configuration has more than ${limit}`;
    this.#with.findings.add("CONFIG_SIZE", -1, [], message, "divide the plant between several gateways");
  }
}

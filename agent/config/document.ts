import { isAlias, isMap, isScalar, parseDocument } from "yaml";
import type { Alias, Document, Node } from "yaml";
import type { FindingSink, Path } from "./findings.ts";
import { insideOf } from "./inside.ts";
import { startOf } from "./start-of.ts";
import { surveyTree } from "./survey.ts";
import { reportSyntax } from "./syntax.ts";

/** Longest file. 800 devices of 30 annotated points are about 5 MiB. */
export const FILE_CHARS_MAX = 8 * 1024 * 1024;

/** One parsed YAML document with its places. */
export interface YamlDocument {
  readonly root: Node;
  /** The node itself, or what an alias stands for; undefined where that is nothing. */
  target(node: unknown): Node | undefined;
  /** Offset of the value at a path, of its key, or of a character in it; of the nearest thing above it that exists. */
  offsetOf(path: Path, part: "key" | "value" | number): number;
}

export interface ParsedYaml {
  readonly root: Node;
  /** what each alias stands for */
  readonly targets: ReadonlyMap<Alias, Node>;
}

/** @returns undefined where there is no document to go on with; `findings` then says why */
export function parseYaml(text: string, findings: FindingSink): ParsedYaml | undefined {
  if (text.length > FILE_CHARS_MAX) {
    const message = `the file has ${text.length} characters, at most ${FILE_CHARS_MAX} are read`;
    findings.add("CONFIG_SIZE", -1, [], message, "divide the plant between several gateways");
    return undefined;
  }
  if (!isUtf8(text, findings)) return undefined;
  const document = parseDocument(text, {
    version: "1.2",
    prettyErrors: false,
    // Quadratic in the library, so done by the survey.
    uniqueKeys: false,
    stringKeys: false,
    merge: false,
    logLevel: "error",
  });
  reportSyntax(document, text, findings);
  const root = rootOf(document, findings);
  if (root === undefined) return undefined;
  const targets = surveyTree(root, findings);
  return findings.count > 0 ? undefined : { root, targets };
}

/** A reader that decodes wrong bytes leaves U+FFFD; another encoding leaves NUL between the letters. */
function isUtf8(text: string, findings: FindingSink): boolean {
  const offset = text.search(/[\0\ufffd]/u);
  if (offset < 0) return true;
  const message = "the file holds bytes that are not UTF-8 text";
  findings.add("CONFIG_YAML_ENCODING", offset, [], message, "save the file as UTF-8");
  return false;
}

function rootOf(document: Document.Parsed, findings: FindingSink): Node | undefined {
  const { yaml } = document.directives;
  if (yaml.explicit === true && yaml.version !== "1.2") {
    const message = `a %YAML directive asks for version ${yaml.version}, in which yes, no and 010 mean other things`;
    findings.add("CONFIG_YAML_VERSION", 0, [], message, "delete the %YAML line: the file is YAML 1.2");
  }
  if (findings.count > 0) return undefined;
  const root: Node | null = document.contents;
  if (root !== null && !(isScalar(root) && root.value === null)) return root;
  const hint = "begin with what `holdfast config example` prints";
  findings.add("CONFIG_YAML_EMPTY", 0, [], "the file says nothing, a gateway configuration is wanted", hint);
  return undefined;
}

export function documentOf({ root, targets }: ParsedYaml): YamlDocument {
  const target = (node: unknown): Node | undefined =>
    isAlias(node) ? targets.get(node) : ((node ?? undefined) as Node | undefined);
  return {
    root,
    target,
    offsetOf(path, part) {
      let offset = startOf(root) ?? 0;
      let at: Node | undefined = target(root);
      for (const [depth, step] of path.entries()) {
        const wantsKey = part === "key" && depth === path.length - 1;
        const [key, value] = childOf(at, step);
        const found = wantsKey ? startOf(key) : (startOf(value) ?? startOf(key));
        if (found === undefined) return offset;
        offset = found;
        at = target(value);
      }
      if (typeof part === "number") return insideOf(at, part) ?? offset;
      return offset;
    },
  };
}

function childOf(node: Node | undefined, step: string | number): readonly [key: unknown, value: unknown] {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
    return [pair?.key, pair?.value];
  }
  const items: readonly unknown[] = node !== undefined && "items" in node ? node.items : [];
  return [undefined, typeof step === "number" ? items[step] : undefined];
}

import { YAMLMap } from "yaml";
import type { Node } from "yaml";
import { documentOf } from "../document.ts";
import type { ParsedYaml, YamlDocument } from "../document.ts";
import type { Findings } from "../findings.ts";
import type { Shape } from "../schema/shape.ts";
import { readChain } from "./chain.ts";
import { readDefinitions, refuseUnused } from "./definitions.ts";
import { Expander } from "./expander.ts";
import type { Parts } from "./parts.ts";
import type { Places } from "./places.ts";
import type { Scope } from "./scope.ts";

/**
 * The configuration as one document, with nothing left to be looked up: what it extends, its variables, templates and tables
 * written out, every value at the place where a person wrote it.
 * @returns undefined after a finding
 */
export function expandDocument(
  first: ParsedYaml,
  firstPath: string,
  shape: Shape,
  { parts, places, findings }: { readonly parts: Parts; readonly places: Places; readonly findings: Findings },
): YamlDocument | undefined {
  const chain = readChain(first, firstPath, parts, places, findings);
  if (findings.count > 0) return undefined;
  if (chain === undefined) return documentOf(first);
  const definitions = readDefinitions(chain, findings);
  if (findings.count > 0) return undefined;
  const { pieces, targets } = chain;
  const expander = new Expander({ definitions, targets, parts, places, findings });
  const scope = (path: string): Scope => ({
    valueOf: (name) => definitions.valueOf(name),
    names: () => [...definitions.variables.keys()],
    path,
    using: [],
    moved: (offset) => offset,
    repeated: new Map(),
  });
  const root: YAMLMap & { range?: Node["range"] } = new YAMLMap();
  root.items = pieces.flatMap(({ path, keys }) => expander.keys(keys, scope(path), shape).items);
  if (findings.count === 0) refuseUnused(chain, definitions, findings);
  root.range = first.root.range ?? null;
  return findings.count > 0 ? undefined : documentOf({ root, targets });
}

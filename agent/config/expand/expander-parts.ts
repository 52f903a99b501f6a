import type { Alias, Node } from "yaml";
import type { Findings, Path } from "../findings.ts";
import type { Shape } from "../schema/shape.ts";
import type { Definitions } from "./definitions.ts";
import type { Parts } from "./parts.ts";
import type { Places } from "./places.ts";
import type { Scope } from "./scope.ts";

export interface ExpanderParts {
  readonly definitions: Definitions;
  readonly targets: ReadonlyMap<Alias, Node>;
  readonly parts: Parts;
  readonly places: Places;
  readonly findings: Findings;
}

/** What writes out one node and all below it. */
export interface Expands {
  /** @param shape what the schema wants here, as far as it is known */
  expand(node: Node | null, scope: Scope, shape: Shape | undefined, path: Path): Node | null;
}

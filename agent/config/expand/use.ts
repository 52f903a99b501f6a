import { isMap, isScalar, isSeq } from "yaml";
import type { Node, Pair, Scalar, YAMLMap } from "yaml";
import type { Path } from "../findings.ts";
import { describe } from "../hints/words.ts";
import { quote } from "../quote.ts";
import { startOf } from "../start-of.ts";
import { namedEntries, valueHint } from "./declarations.ts";
import { listed } from "./definitions.ts";
import type { ExpanderParts, Expands } from "./expander-parts.ts";
import { USE_DEPTH_MAX } from "./limits.ts";
import { isValueOf } from "./names.ts";
import type { Scope } from "./scope.ts";
import { movedRange } from "./scope.ts";
import type { Template } from "./template.ts";

/** A template, with what it needs to be written out in one place. */
export interface Opened {
  readonly template: Template;
  readonly inner: Scope;
  /** keys beside `use` and `with`, as written: they take the places of the template's own */
  readonly others: Pair[];
  readonly range: readonly [number, number];
}

/** The `use:` of a mapping. */
export function useOf(map: YAMLMap): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === "use");
}

/** @returns undefined after a finding */
export function openUse(
  map: YAMLMap,
  name: Node | null,
  scope: Scope,
  parts: ExpanderParts & { readonly expander: Expands; readonly path: Path },
): Opened | undefined {
  const { definitions, findings, path } = parts;
  const range = movedRange(map, scope);
  const place = startOf(name) ?? range[0];
  const refuse = (
    code: "CONFIG_USE" | "CONFIG_USE_CYCLE",
    message: string,
    hint: string,
    offset = place,
  ): undefined => {
    findings.add(code, offset, [...path, "use"], message, hint);
    return undefined;
  };
  const word: unknown = isScalar(name) ? name.value : undefined;
  if (typeof word !== "string")
    return refuse("CONFIG_USE", `${describe(name)} is no template`, "write the name of one");
  const template = definitions.templates.get(word);
  if (template === undefined) {
    const known = [...definitions.templates.keys()];
    const near = definitions.nearest(word, known);
    const all = known.length === 0 ? "write it under `templates:`" : `there are ${listed(known)}`;
    return refuse(
      "CONFIG_USE",
      `no template is called ${quote(word)}`,
      near === undefined ? all : `did you mean \`${near}\`?`,
    );
  }
  if (scope.using.includes(word)) {
    const ring = [...scope.using.slice(scope.using.indexOf(word)), word].map((one) => quote(one)).join(" uses ");
    return refuse("CONFIG_USE_CYCLE", `the template ${ring}`, "write one of them out");
  }
  if (scope.using.length >= USE_DEPTH_MAX) {
    const message = `more than ${USE_DEPTH_MAX} templates stand inside each other`;
    return refuse("CONFIG_USE_CYCLE", message, "write one of them out");
  }
  const others = map.items.filter(({ key }) => !(isScalar(key) && (key.value === "use" || key.value === "with")));
  const [other] = others;
  if (other !== undefined && isSeq(template.body)) {
    const message = `the template ${quote(word)} is a list: ${describe(other.key)} cannot stand beside it`;
    return refuse("CONFIG_USE", message, "delete the key", scope.moved(startOf(other.key) ?? 0));
  }
  const given = argumentsOf(map, template, scope, place, parts);
  if (given === undefined) return undefined;
  return { template, inner: scopeOf(template, given, scope, place, parts), others, range };
}

function scopeOf(
  { name, body, parameters, path }: Template,
  given: ReadonlyMap<string, Scalar>,
  outer: Scope,
  usedAt: number,
  { definitions, places }: ExpanderParts,
): Scope {
  const [begin, , end] = body.range ?? [0, 0, 0];
  const used = places.quote(begin, end - begin, usedAt);
  return {
    valueOf: (one) => (parameters.has(one) ? given.get(one) : definitions.valueOf(one)),
    names: () => [...parameters.keys(), ...definitions.variables.keys()],
    path,
    using: [...outer.using, name],
    // an alias may stand for something outside of the template
    moved: (offset) => (offset >= begin && offset <= end ? used + offset - begin : offset),
    repeated: new Map(),
  };
}

function argumentsOf(
  map: YAMLMap,
  { name: called, parameters }: Template,
  scope: Scope,
  place: number,
  { definitions, expander, findings, path }: ExpanderParts & { readonly expander: Expands; readonly path: Path },
): ReadonlyMap<string, Scalar> | undefined {
  const before = findings.count;
  const at = [...path, "with"];
  const given = new Map<string, Scalar>();
  const written = map.items.find(({ key }) => isScalar(key) && key.value === "with")?.value as Node | null | undefined;
  const values = written === undefined ? undefined : expander.expand(written, scope, undefined, at);
  if (values !== undefined && isMap(values))
    for (const { name, offset, value } of namedEntries(values, "parameters", at, findings)) {
      const declared = parameters.get(name);
      if (declared === undefined) {
        const known = [...parameters.keys()];
        const near = definitions.nearest(name, known);
        const all = `it has ${listed(known)}`;
        const message = `the template ${quote(called)} has no parameter ${quote(name)}`;
        findings.add(
          "CONFIG_VARIABLE_UNKNOWN",
          offset,
          [...at, name],
          message,
          near === undefined ? all : `did you mean \`${near}\`?`,
        );
      } else if (isValueOf(declared, value, [...at, name], findings)) given.set(name, value);
    }
  else if (values !== undefined)
    findings.add(
      "CONFIG_TYPE",
      startOf(values) ?? place,
      at,
      `${describe(values)} stands where parameters are wanted`,
      "write `with: { name: value }`",
    );
  for (const declared of parameters.values()) {
    if (given.has(declared.name) || findings.count > before) continue;
    if (declared.fallback !== undefined) given.set(declared.name, declared.fallback);
    else {
      const message = `the template ${quote(called)} needs a value of ${quote(declared.name)}`;
      findings.add("CONFIG_VARIABLE_MISSING", place, at, message, valueHint(declared, "under `with:`"));
    }
  }
  return findings.count > before ? undefined : given;
}

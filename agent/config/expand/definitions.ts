import type { Findings } from "../findings.ts";
import { sparingNearest } from "../hints/nearest.ts";
import { quote } from "../quote.ts";
import { isMap } from "yaml";
import type { Scalar } from "yaml";
import type { Chain, Link } from "./chain.ts";
import { declarationOf, isGivenValueOf, namedEntries, valueHint } from "./declarations.ts";
import type { Declared, Values } from "./names.ts";
import { referencesBelow } from "./references.ts";
import { templateOf } from "./template.ts";
import type { Template } from "./template.ts";

/** What the files of a chain declare for all of them. */
export interface Definitions {
  readonly variables: ReadonlyMap<string, Declared>;
  readonly values: Values;
  /** names that were asked for */
  readonly met: ReadonlySet<string>;
  valueOf(name: string): Scalar | undefined;
  /** a name that may have been meant */
  readonly nearest: ReturnType<typeof sparingNearest>;
  readonly templates: ReadonlyMap<string, Template>;
}

/** Reads `variables:` and `templates:` of every file, the one that extends no other first. */
export function readDefinitions(chain: Chain, findings: Findings): Definitions {
  const variables = new Map<string, Declared>();
  const values = new Map<string, Scalar>();
  const templates = new Map<string, Template>();
  const nearest = sparingNearest();
  for (const link of chain.links.toReversed()) {
    readVariables(link, variables, values, nearest, findings);
    readTemplates(link, templates, findings);
  }
  const met = new Set<string>();
  const valueOf = (name: string): Scalar | undefined => {
    met.add(name);
    return values.get(name);
  };
  const definitions = { variables, values, met, valueOf, nearest, templates };
  refuseMissing(chain, definitions, findings);
  for (const { body, parameters, name } of templates.values())
    for (const reference of referencesBelow(body))
      if (!parameters.has(reference.name) && !variables.has(reference.name))
        refuseUnknown(reference, [...parameters.keys(), ...variables.keys()], ["templates", name], nearest, findings);
  return definitions;
}

/** Says that nothing is called so, and what might be meant. */
export function refuseUnknown(
  reference: { readonly name: string; readonly offset: number },
  known: readonly string[],
  path: readonly (string | number)[],
  nearest: Definitions["nearest"],
  findings: Findings,
): void {
  const near = nearest(reference.name, known);
  const hint =
    near === undefined
      ? `declare it under \`variables:\`, or write $\${ for the characters \${ themselves`
      : `did you mean \`\${${near}}\`?`;
  const message = `no variable or parameter is called ${quote(reference.name)}`;
  findings.add("CONFIG_VARIABLE_UNKNOWN", reference.offset, path, message, hint);
}

function readVariables(
  link: Link,
  variables: Map<string, Declared>,
  values: Map<string, Scalar>,
  nearest: Definitions["nearest"],
  findings: Findings,
): void {
  const written = link.own.get("variables");
  if (written === undefined) return;
  const extending = link.own.has("extends");
  for (const { name, offset, value } of namedEntries(written.value, "variables", ["variables"], findings)) {
    const path = ["variables", name];
    const known = variables.get(name);
    if (known !== undefined) {
      if (isMap(value)) {
        const message = `the variable ${quote(name)} is declared already, a value is wanted`;
        findings.add("CONFIG_VARIABLE_VALUE", offset, path, message, `write \`${name}: …\` on one line`);
      } else if (isGivenValueOf(known, value, path, findings)) values.set(name, value);
      continue;
    }
    if (extending && !isMap(value)) {
      const near = nearest(name, [...variables.keys()]);
      const message = `no file that this one extends declares a variable ${quote(name)}`;
      const hint = near === undefined ? `they declare ${listed([...variables.keys()])}` : `did you mean \`${near}\`?`;
      findings.add("CONFIG_VARIABLE_UNKNOWN", offset, path, message, hint);
      continue;
    }
    const declared = declarationOf(name, offset, value, path, findings);
    // one that was refused is known all the same: what uses it is not wrong
    variables.set(name, declared ?? { name, offset });
    if (declared?.fallback !== undefined) values.set(name, declared.fallback);
  }
}

function readTemplates(link: Link, templates: Map<string, Template>, findings: Findings): void {
  const written = link.own.get("templates");
  if (written === undefined) return;
  for (const { name, offset, value } of namedEntries(written.value, "templates", ["templates"], findings)) {
    if (templates.has(name)) {
      const message = `a file that this one extends has a template ${quote(name)}, too`;
      findings.add("CONFIG_KEY_DUPLICATE", offset, ["templates", name], message, "give one of them another name");
      continue;
    }
    const template = templateOf(name, offset, value, link.path, findings);
    if (template !== undefined) templates.set(name, template);
  }
}

function refuseMissing({ links: [first] }: Chain, { variables, values }: Definitions, findings: Findings): void {
  if (findings.count > 0) return;
  for (const declared of variables.values()) {
    if (values.has(declared.name)) continue;
    const message = `the variable ${quote(declared.name)} has no value`;
    const at = first.own.get("variables")?.offset ?? first.own.get("extends")?.offset ?? declared.offset;
    const hint = first.own.has("extends")
      ? valueHint(declared, "under `variables:`")
      : "give it a `default:`, or check a file that extends this one and gives it a value";
    findings.add(
      "CONFIG_VARIABLE_MISSING",
      first.own.has("extends") ? at : declared.offset,
      ["variables", declared.name],
      message,
      hint,
    );
  }
}

/** To be asked last: tables mention variables, too. */
export function refuseUnused({ links }: Chain, { variables, met }: Definitions, findings: Findings): void {
  const mentioned = new Set(links.flatMap(({ root }) => Array.from(referencesBelow(root), ({ name }) => name)));
  for (const { name, offset } of variables.values()) {
    if (mentioned.has(name) || met.has(name)) continue;
    const message = `nothing mentions the variable ${quote(name)}`;
    const hint = `write \`\${${name}}\` where it belongs, or delete it`;
    findings.add("CONFIG_VARIABLE_UNUSED", offset, ["variables", name], message, hint);
  }
}

const LISTED_MAX = 20;

/** The first few names, for a hint. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const more = names.length > LISTED_MAX ? ` and ${names.length - LISTED_MAX} more` : "";
  const shown = names.slice(0, LISTED_MAX).map((name) => `\`${name}\``);
  return `${shown.join(", ")}${more}`;
}

import { emqxTemplate, mosquittoTemplate } from "../../agent/cli/acl/templates.ts";
import { asyncApiDocument } from "./asyncapi.ts";
import type { Examples } from "./examples.ts";
import { readme } from "./readme.ts";
import { CONTRACT_SCHEMAS } from "./schemas.ts";

/** Where the documents are, from the root of the tree. */
export const CONTRACT_FOLDER = "docs/contract";

/** Every document of the contract: path below {@link CONTRACT_FOLDER} and text. */
export function contractDocuments(examples: Examples): ReadonlyMap<string, string> {
  return new Map([
    ["README.md", readme(examples)],
    ["asyncapi.json", json(asyncApiDocument(examples))],
    ...CONTRACT_SCHEMAS.map(({ name, schema }): [string, string] => [`schemas/${name}.json`, json(schema)]),
    ["acl/mosquitto.acl", mosquittoTemplate()],
    ["acl/emqx.conf", emqxTemplate()],
  ]);
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

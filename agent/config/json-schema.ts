import { VARIABLE_TYPES } from "./expand/names.ts";
import { GatewayFile } from "./schema.ts";
import { shapeOf } from "./schema/shape.ts";
import type { Shape } from "./schema/shape.ts";

/** Names this version of the schema; nothing is fetched from it. */
const SCHEMA_ID = "urn:holdfast:gateway-configuration:v1";

/**
 * JSON Schema 2020-12 of `gateway.yaml`, for editors: completion, descriptions on hover, most mistakes while typing.
 * What only `config check` can judge (duplicates, wire time, what templates come to) is not in it.
 */
export function gatewayJsonSchema(): object {
  const { properties = {}, required = [], description: _, ...rest } = shapeOf(GatewayFile);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: SCHEMA_ID,
    description: "Everything a Holdfast gateway is told: one YAML 1.2 file, or one that extends another.",
    ...plain(rest),
    properties: { ...mapValues(properties), ...FILE_KEYS },
    if: { required: ["extends"] },
    else: { required },
    $defs: DEFINITIONS,
  };
}

/** A value as it may stand in a file: as the schema has it, as a variable, or by way of a template or a table. */
function forEditors(shape: Shape): object {
  const { anyOf, properties, items, required = [], description, ...rest } = shape;
  const about = description === undefined ? {} : { description };
  if (properties !== undefined) {
    const transports = Object.hasOwn(properties, "rtu") ? EXACTLY_ONE_TRANSPORT : {};
    return {
      ...about,
      ...plain(rest),
      properties: { ...mapValues(properties), ...USE_KEYS },
      if: { required: ["use"] },
      else: { required, ...transports },
    };
  }
  if (items !== undefined)
    return {
      ...about,
      anyOf: [{ ...plain(rest), items: forEditors(items) }, { $ref: "#/$defs/table" }, { $ref: "#/$defs/use" }],
    };
  const value = anyOf === undefined ? plain(rest) : { ...plain(rest), enum: anyOf.map((option) => option.const) };
  const { default: usual, ...kind } = value as { default?: unknown };
  return { ...about, ...(usual === undefined ? {} : { default: usual }), anyOf: [kind, { $ref: "#/$defs/reference" }] };
}

const EXACTLY_ONE_TRANSPORT = {
  oneOf: [{ required: ["rtu"] }, { required: ["ascii"] }, { required: ["tcp"] }],
} as const;

const SCALAR = { type: ["string", "number", "boolean"] } as const;
const DECLARATION = {
  type: "object",
  additionalProperties: false,
  properties: {
    type: { enum: VARIABLE_TYPES, description: "what its values are; default: what the default is" },
    default: { ...SCALAR, description: "its value where none is given" },
    description: { type: "string", description: "what it is for: shown to whoever gives no value" },
  },
} as const;
const DECLARATIONS = { type: "object", additionalProperties: { anyOf: [SCALAR, DECLARATION] } } as const;

const USE_KEYS = {
  use: {
    type: "string",
    description: "name of a template that stands here; keys beside it replace the template's own",
  },
  with: { type: "object", additionalProperties: SCALAR, description: "values of the template's parameters" },
} as const;

const FILE_KEYS = {
  extends: { type: "string", description: "a file in this folder or below, whose keys hold where this one gives none" },
  variables: {
    ...DECLARATIONS,
    description:
      "values of ${name}, in a file that extends another; in the other one what can be given, as a default or as { type, default, description }",
  },
  templates: {
    type: "object",
    description: "what can be used with `use:`, as often as need be",
    additionalProperties: {
      type: "object",
      additionalProperties: false,
      required: ["body"],
      properties: {
        description: { type: "string", description: "what it stands for" },
        parameters: { ...DECLARATIONS, description: "what `with:` can give, as ${name} in the body" },
        body: {
          type: ["object", "array"],
          description: "what stands in place of each use: a mapping, or the entries of a list",
        },
      },
    },
  },
} as const;

const DEFINITIONS = {
  reference: { type: "string", pattern: String.raw`\$\{` },
  table: {
    type: "object",
    additionalProperties: false,
    required: ["csv"],
    properties: {
      csv: { type: "string", description: "a CSV file whose first row has the keys, and each further row an entry" },
    },
  },
  use: { type: "object", additionalProperties: false, required: ["use"], properties: USE_KEYS },
} as const;

function plain(keywords: object): object {
  return JSON.parse(JSON.stringify(keywords)) as object;
}

function mapValues(properties: Readonly<Record<string, Shape>>): object {
  return Object.fromEntries(Object.entries(properties).map(([key, shape]) => [key, forEditors(shape)]));
}

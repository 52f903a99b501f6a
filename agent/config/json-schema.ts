import { GatewayFile } from "./schema.ts";
import { shapeOf } from "./schema/shape.ts";
import type { Shape } from "./schema/shape.ts";

/** Names this version of the schema; nothing is fetched from it. */
const SCHEMA_ID = "urn:holdfast:gateway-configuration:v1";

/**
 * JSON Schema 2020-12 of `gateway.yaml`, for editors: completion, descriptions on hover, most mistakes while typing.
 * What only `config check` can judge (duplicates, wire time) is not in it.
 */
export function gatewayJsonSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: SCHEMA_ID,
    description: "Everything a Holdfast gateway is told: one YAML 1.2 file.",
    ...forEditors(shapeOf(GatewayFile)),
  };
}

function forEditors(shape: Shape): object {
  const { anyOf, properties, items, ...rest } = shape;
  const plain = JSON.parse(JSON.stringify(rest)) as object;
  return {
    ...plain,
    ...(anyOf === undefined ? {} : { enum: anyOf.map((option) => option.const) }),
    ...(items === undefined ? {} : { items: forEditors(items) }),
    ...(properties === undefined ? {} : { properties: mapValues(properties) }),
    ...(properties !== undefined && Object.hasOwn(properties, "rtu") ? EXACTLY_ONE_TRANSPORT : {}),
  };
}

const EXACTLY_ONE_TRANSPORT = { oneOf: [{ required: ["rtu"] }, { required: ["tcp"] }] } as const;

function mapValues(properties: Readonly<Record<string, Shape>>): object {
  return Object.fromEntries(Object.entries(properties).map(([key, shape]) => [key, forEditors(shape)]));
}

/** The JSON Schema keywords that the gateway's schema is written with. */
export interface Shape {
  /** a list: any plain value */
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean" | readonly string[];
  readonly anyOf?: readonly { readonly const: string | number }[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
}

/** A schema as plain keywords, without the types it stands for. */
export function shapeOf(schema: object): Shape {
  return schema;
}

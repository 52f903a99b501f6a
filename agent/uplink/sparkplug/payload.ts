/** A scalar of a metric or property. 64-bit integers are `bigint`; instants are milliseconds since 1970 as `bigint`. */
export type Scalar = number | bigint | boolean | string | Uint8Array;

/** One property of a metric. `value` null is sent as *is null*. */
export interface Property {
  readonly key: string;
  readonly type: number;
  readonly value: Scalar | null | readonly Property[] | PropertySetList;
}

/** Several property sets under one key. */
export interface PropertySetList {
  readonly sets: readonly (readonly Property[])[];
}

/** A table. Every row has as many elements as there are columns; null is an element without a value. */
export interface DataSet {
  readonly kind: "data-set";
  readonly columns: readonly string[];
  /** of the columns: basic types alone */
  readonly types: readonly number[];
  readonly rows: readonly (readonly (Scalar | null)[])[];
}

/** A definition, or an instance of one: several metrics that only together mean something. */
export interface Template {
  readonly kind: "template";
  readonly version?: string;
  /** name of the definition's metric; absent in a definition */
  readonly ref?: string;
  readonly isDefinition?: boolean;
  readonly metrics: readonly Metric[];
  readonly parameters?: readonly Parameter[];
}

/** A parameter of a template. */
export interface Parameter {
  readonly name: string;
  readonly type: number;
  readonly value: Scalar | null;
}

/** One metric. What is absent is not sent; a null value is sent as *is null*. */
export interface Metric {
  readonly name?: string;
  readonly alias?: number;
  /** milliseconds since 1970 */
  readonly timestamp?: number;
  readonly type?: number;
  readonly historical?: boolean;
  readonly transient?: boolean;
  /** `undefined`: neither a value nor *is null*; `OPAQUE`: somebody's extension, which this codec does not open */
  readonly value?: Scalar | null | DataSet | Template | typeof OPAQUE;
  readonly properties?: readonly Property[];
}

/** Stands for a value this codec passes over unopened. */
export const OPAQUE = Symbol("opaque");

export interface Payload {
  /** when the message was sent, milliseconds since 1970 */
  readonly timestamp?: number;
  /** 0 to 255; absent in NDEATH and commands */
  readonly seq?: number;
  readonly metrics: readonly Metric[];
}

/**
 * Field numbers of the payload's messages.
 * @see Sparkplug B 3.0 §6.4.3 (the message tables)
 */
export const PAYLOAD = { timestamp: 1, metrics: 2, seq: 3, uuid: 4, body: 5 } as const;
export const METRIC = {
  name: 1,
  alias: 2,
  timestamp: 3,
  datatype: 4,
  isHistorical: 5,
  isTransient: 6,
  isNull: 7,
  metadata: 8,
  properties: 9,
  intValue: 10,
  longValue: 11,
  floatValue: 12,
  doubleValue: 13,
  booleanValue: 14,
  stringValue: 15,
  bytesValue: 16,
  datasetValue: 17,
  templateValue: 18,
  extensionValue: 19,
} as const;
export const PROPERTY_SET = { keys: 1, values: 2 } as const;
export const PROPERTY_SET_LIST = { propertyset: 1 } as const;
export const DATA_SET = { numOfColumns: 1, columns: 2, types: 3, rows: 4 } as const;
export const ROW = { elements: 1 } as const;
/** values: 1 to 6 in the order of a metric's, 7 an extension */
export const DATA_SET_VALUE = {
  intValue: 1,
  longValue: 2,
  floatValue: 3,
  doubleValue: 4,
  booleanValue: 5,
  stringValue: 6,
  extensionValue: 7,
} as const;
export const TEMPLATE = { version: 1, metrics: 2, parameters: 3, templateRef: 4, isDefinition: 5 } as const;
export const PARAMETER = {
  name: 1,
  type: 2,
  intValue: 3,
  longValue: 4,
  floatValue: 5,
  doubleValue: 6,
  booleanValue: 7,
  stringValue: 8,
  extensionValue: 9,
} as const;
export const PROPERTY_VALUE = {
  type: 1,
  isNull: 2,
  intValue: 3,
  longValue: 4,
  floatValue: 5,
  doubleValue: 6,
  booleanValue: 7,
  stringValue: 8,
  propertysetValue: 9,
  propertysetsValue: 10,
  extensionValue: 11,
} as const;

import sparkplug from "sparkplug-payload";
import protobuf from "sparkplug-payload/lib/sparkplugPayloadProto.js";

/** One metric as a decoder that is not ours reads it. Integers beyond 2^53 are bigint, data sets and templates JSON. */
export interface OracleMetric {
  readonly name: string | undefined;
  readonly alias: number | undefined;
  readonly type: string;
  readonly value: number | bigint | boolean | string | null;
  readonly timeMs: number | undefined;
  readonly historical: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface OraclePayload {
  readonly timeMs: number | undefined;
  readonly seq: number | undefined;
  readonly metrics: readonly OracleMetric[];
}

/** What a birth said of an alias. */
export interface Alias {
  readonly name: string;
  readonly datatype: number;
}

const decoder = sparkplug.get("spBv1.0");
const Payload = protobuf.org.eclipse.tahu.protobuf.Payload;

/**
 * Decodes with Cirrus Link's `sparkplug-payload`. Data messages need not repeat the datatype that the birth gave an
 * alias; that decoder wants it, so it is put back before it looks.
 */
export function decodeByOracle(bytes: Uint8Array, aliases?: ReadonlyMap<number, Alias>): OraclePayload {
  if (decoder === null) throw new TypeError("sparkplug-payload knows no spBv1.0");
  const raw = Payload.decode(bytes);
  for (const metric of raw.metrics) {
    const birth = aliases?.get(aliasOf(metric) ?? NO_ALIAS);
    if (birth !== undefined && !metric.datatype) metric.datatype = birth.datatype;
  }
  const payload = decoder.decodePayload(Payload.encode(raw).finish());
  return {
    timeMs: optionalInteger(payload.timestamp),
    seq: optionalInteger(payload.seq),
    metrics: (payload.metrics ?? []).map((metric) => ({
      name: metric.name ?? undefined,
      alias: optionalInteger(metric.alias),
      type: metric.type,
      value: plain(metric.value, metric.type),
      timeMs: optionalInteger(metric.timestamp),
      historical: metric.isHistorical === true,
      properties: Object.fromEntries(
        Object.entries(metric.properties ?? {}).map(([key, property]) => [key, plain(property.value, property.type)]),
      ),
    })),
  };
}

/** The datatype number of every metric that has an alias, as the birth gives it. */
export function aliasesOf(bytes: Uint8Array): readonly (readonly [number, Alias])[] {
  return Payload.decode(bytes).metrics.flatMap((metric) => {
    const alias = aliasOf(metric);
    return alias === undefined || !metric.name
      ? []
      : [[alias, { name: metric.name, datatype: metric.datatype ?? 0 }] as const];
  });
}

const NO_ALIAS = -1;

/** Protobuf gives an absent field its default, which would be alias 0. */
function aliasOf(metric: { readonly alias?: Integer | null | undefined }): number | undefined {
  return Object.hasOwn(metric, "alias") ? optionalInteger(metric.alias) : undefined;
}

/** A command as an operator's tool would send it. */
export function encodeCommand(
  metrics: readonly { name: string; type: "Boolean" | "Int32" | "Float"; value: boolean | number }[],
): Uint8Array {
  if (decoder === null) throw new TypeError("sparkplug-payload knows no spBv1.0");
  return decoder.encodePayload({ timestamp: Date.now(), metrics: [...metrics] });
}

type Integer = number | { toString(): string };

function integer(value: Integer): number {
  return Number(value.toString());
}

function optionalInteger(value: Integer | null | undefined): number | undefined {
  return value === null || value === undefined ? undefined : integer(value);
}

function plain(value: unknown, type: string): number | bigint | boolean | string | null {
  switch (typeof value) {
    case "number":
      // it gives the upper half of UInt32 as negative
      return type === "UInt32" ? value >>> 0 : value;
    case "boolean":
    case "string":
      return value;
    default:
      break;
  }
  if (value === null || value === undefined) return null;
  if (typeof value === "object" && !("low" in value)) return JSON.stringify(value);
  const wide = BigInt((value as Integer).toString());
  return wide >= BigInt(Number.MIN_SAFE_INTEGER) && wide <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(wide) : wide;
}

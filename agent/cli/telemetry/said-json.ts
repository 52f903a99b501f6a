import type { Metric, Scalar } from "../../uplink/sparkplug/payload.ts";
import type { Said, SaidMetric } from "./said.ts";
import { typeName } from "./value-text.ts";
import { visibleJson } from "./visible.ts";

/** One message as one JSON object. Integers beyond 32 bits are decimal text, bytes hexadecimal, times milliseconds. */
export function saidJson(said: Said, line: number): string {
  return visibleJson(
    said.kind === "sparkplug" ? { line, ...said, metrics: said.metrics.map(plainMetric) } : { line, ...said },
  );
}

function plainMetric({ type, value, ...metric }: SaidMetric): object {
  return { ...metric, ...(type === undefined ? {} : { type: typeName(type) }), value: plainValue(value) };
}

function plainValue(value: Metric["value"]): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "symbol") return { extension: true };
  if (typeof value !== "object" || value instanceof Uint8Array) return plainScalar(value);
  if (value.kind === "data-set") {
    const rows = value.rows.map((row) => row.map((cell) => (cell === null ? null : plainScalar(cell))));
    return { columns: value.columns, types: value.types.map(typeName), rows };
  }
  const { ref, version, isDefinition, metrics, parameters = [] } = value;
  return {
    template: ref,
    version,
    isDefinition,
    members: metrics.map((member) => ({
      name: member.name,
      type: typeName(member.type ?? 0),
      value: plainValue(member.value),
    })),
    parameters: parameters.map((one) => ({ ...one, type: typeName(one.type), value: plainValue(one.value) })),
  };
}

function plainScalar(value: Scalar): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  // JSON has no word for them and would say null, which means something else
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

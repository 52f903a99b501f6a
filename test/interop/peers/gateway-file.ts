import type { GatewayFile as Schema } from "../../../agent/config/schema.ts";
import type { PointType } from "../../../agent/contract/point.ts";

type SchemaBus = Schema["buses"][number];
type SchemaDevice = SchemaBus["devices"][number];
type SchemaPoint = SchemaDevice["points"][number];

/** `gateway.yaml` as a test writes it: the schema's own keys, with the point types spelled out. */
export type FilePoint = Omit<SchemaPoint, "type"> & { readonly type?: PointType };
export type FileDevice = Omit<SchemaDevice, "points"> & { readonly points: readonly FilePoint[] };
export type FileBus = Omit<SchemaBus, "devices"> & { readonly devices: readonly FileDevice[] };
export type GatewayFile = Omit<Schema, "buses"> & { readonly buses: readonly FileBus[] };

/** A configuration is YAML, and JSON is YAML. */
export function configText(file: GatewayFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

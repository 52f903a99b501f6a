import type { GatewayFile as Schema } from "../../../agent/config/schema.ts";

type SchemaBus = Schema["buses"][number];
type SchemaDevice = NonNullable<SchemaBus["devices"]>[number];

/** `gateway.yaml` as a test writes it: the schema's own keys, in lists that stay as they are. */
export type FilePoint = SchemaDevice["points"][number];
export type FileDevice = Omit<SchemaDevice, "points"> & { readonly points: readonly FilePoint[] };
export type FileBus = Omit<SchemaBus, "devices"> & { readonly devices: readonly FileDevice[] };
export type GatewayFile = Omit<Schema, "buses"> & { readonly buses: readonly FileBus[] };

/** A configuration is YAML, and JSON is YAML. */
export function configText(file: GatewayFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

export { canonicalJson } from "./canonical.ts";
export type { ConfigCode } from "./codes.ts";
export { compileConfig } from "./compile.ts";
export type { Compiled } from "./compile.ts";
export { EXAMPLE_GATEWAY_YAML } from "./example.ts";
export { gatewayJsonSchema } from "./json-schema.ts";
export { formatReport } from "./print-report.ts";
export { configReference } from "./reference.ts";
export type { GatewayFile } from "./schema.ts";

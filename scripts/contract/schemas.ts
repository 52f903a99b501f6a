import { CHANNELS } from "../../agent/contract/channels.ts";
import type { ChannelFacts } from "../../agent/contract/channels.ts";

/** Of this contract, and so the last level of the default prefix `holdfast/v1`. A change that breaks a consumer makes another. */
export const CONTRACT_VERSION = 1;

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

export interface ContractSchema {
  readonly name: string;
  /** the very constant that the agent checks with, named */
  readonly schema: object;
}

/** Schemas of the management messages, each a document of its own. */
export const CONTRACT_SCHEMAS: readonly ContractSchema[] = CHANNELS.filter(isManagement).map(({ name, schema }) => ({
  name,
  schema: { $schema: DIALECT, $id: `urn:holdfast:v${CONTRACT_VERSION}:${name}`, title: titleOf(name), ...schema },
}));

/** Channels of the management namespace whose payload is ours. */
export function isManagement({ address, schema }: ChannelFacts): boolean {
  return address.startsWith("{prefix}/") && schema !== undefined;
}

/** `health` → `Health` */
export function titleOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

import { join } from "node:path";
import { buildAll } from "../../../scripts/build/build.ts";
import { ENTRIES } from "../../../scripts/build/entries.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

export interface Product {
  readonly kind: "bundles" | "sources";
  /** the `holdfast` command */
  readonly entry: string;
}

/** What a gateway would be given, built from the tree as it stands: an old `dist` can never be measured for the new one. */
export async function buildProduct(folder: string, sources: boolean): Promise<Product> {
  if (sources) return { kind: "sources", entry: join(ROOT, "agent", "main.ts") };
  const dist = join(folder, "dist");
  await buildAll(ROOT, ENTRIES, dist);
  return { kind: "bundles", entry: join(dist, "bundle", "holdfast.js") };
}

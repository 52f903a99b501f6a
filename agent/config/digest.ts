import { createHash } from "node:crypto";

/** Hex SHA-256 of the two parts as JSON. The compiler writes keys in one order, so the same file gives the same digest. */
export function snapshotDigest(parts: { readonly field: unknown; readonly uplink: unknown }): string {
  return createHash("sha256")
    .update(JSON.stringify({ field: parts.field, uplink: parts.uplink }))
    .digest("hex");
}

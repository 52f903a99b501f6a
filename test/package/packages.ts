import { join } from "node:path";
import type { Architecture } from "../../scripts/package/debian/control.ts";
import { makePackages } from "../../scripts/package/package.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** A tree without commits, or of another user, has no date that git would tell. */
const EPOCH_S = 1_700_000_000;

/** One package from this tree, compressed in a hurry. @returns its path */
export async function makePackage(out: string, version: string, architecture: Architecture = "amd64"): Promise<string> {
  const options = {
    root: ROOT,
    out,
    architectures: [architecture],
    compression: "gzip" as const,
    version,
    epochS: EPOCH_S,
  };
  const [path = ""] = await makePackages(options);
  return path;
}

/** The architecture of this machine, which alone can be installed here. */
export const HERE: Architecture = process.arch === "arm64" ? "arm64" : "amd64";

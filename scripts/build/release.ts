import { parseArgs } from "node:util";
import { verifyRuntime } from "../runtime/verify.ts";
import type { Published } from "../runtime/verify.ts";
import { BuildError } from "./error.ts";

/** One runtime that a release ships with, and that it is the one Node published. */
export type RuntimeProof = Awaited<ReturnType<typeof verifyRuntime>>;

export interface BuildRequest {
  readonly out: string | undefined;
  readonly json: boolean;
  /** what Node published, for a release; undefined for a build that is not one */
  readonly published: readonly Published[] | undefined;
}

/**
 * `[--out DIR] [--json] [--release --shasums FILE --archive FILE… [--signature FILE --keyring FILE]]`
 * @throws {BuildError} `BUILD_RELEASE_UNPROVEN`: a release without what proves its runtime
 */
export function parseBuildRequest(args: readonly string[]): BuildRequest {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: "string" },
      json: { type: "boolean", default: false },
      release: { type: "boolean", default: false },
      shasums: { type: "string" },
      archive: { type: "string", multiple: true, default: [] },
      signature: { type: "string" },
      keyring: { type: "string" },
    },
  });
  const { out, json, shasums, archive, signature, keyring } = values;
  if (!values.release) return { out, json, published: undefined };
  if (shasums === undefined || archive.length === 0 || (signature === undefined) !== (keyring === undefined)) {
    throw new BuildError(
      "BUILD_RELEASE_UNPROVEN",
      "a release wants --shasums FILE and an --archive FILE for each platform, and --signature with --keyring or neither",
    );
  }
  const signed = signature !== undefined && keyring !== undefined ? { signature: { file: signature, keyring } } : {};
  return { out, json, published: archive.map((file) => ({ shasums, archive: file, ...signed })) };
}

/**
 * Holds every runtime of a release against what Node published, before anything is built.
 * @throws {RuntimeError} at the first that is not as published
 */
export async function proveRuntimes(modules: string, published: readonly Published[]): Promise<RuntimeProof[]> {
  const proofs: RuntimeProof[] = [];
  for (const one of published) proofs.push(await verifyRuntime(modules, one));
  return proofs;
}

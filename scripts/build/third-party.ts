import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { judgeLicence } from "../licences/policy.ts";
import { readManifest } from "../licences/tree.ts";
import { packageFolder } from "./bundle.ts";
import { BuildError } from "./error.ts";

const LICENCE_FILE = /^(licen[cs]e|copying|notice|unlicen[cs]e)/i;
const README_FILE = /^readme(\.md)?$/i;
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

/** The package's own file; where it ships none, that section of its readme, or the notices at the head of the files we bundle. */
function licenceText(root: string, folder: string, files: readonly string[]): string {
  const texts = readdirSync(join(root, folder))
    .filter((name) => LICENCE_FILE.test(name))
    .toSorted()
    .map((name) => readFileSync(join(root, folder, name), "utf8").trim());
  if (texts.length > 0) return texts.join("\n\n");
  const readme = readdirSync(join(root, folder)).find((name) => README_FILE.test(name));
  const section = readme === undefined ? "" : licenceSection(readFileSync(join(root, folder, readme), "utf8"));
  if (section !== "") return section;
  return [...new Set(files.map((file) => leadingNotice(readFileSync(join(root, file), "utf8"))))]
    .filter((notice) => notice !== "")
    .join("\n\n");
}

/** What stands under the heading of that name, to the next one, where it speaks of copyright. */
export function licenceSection(readme: string): string {
  const [, section = ""] = /^#+[ \t]*licen[cs]e[ \t]*\r?\n([\s\S]*?)(?=^#|$(?![\s\S]))/im.exec(readme) ?? [];
  return /copyright/i.test(section) ? section.trim() : "";
}

/** The comment a file begins with, where it speaks of copyright. */
export function leadingNotice(source: string): string {
  const comment = /^\s*(?:\/\*[\s\S]*?\*\/|(?:\/\/.*(?:\r?\n|$))+)/.exec(source)?.[0] ?? "";
  return /copyright|licen[cs]e/i.test(comment) ? comment.trim() : "";
}

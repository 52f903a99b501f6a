import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { noticeText } from "./notice.ts";
import { judgeLicence } from "./policy.ts";
import { installedPackages } from "./tree.ts";
import type { Installed } from "./tree.ts";

/** What the licence rules refuse in an installed tree, one line each; empty where all is well. */
export function refusedPackages(packages: readonly Installed[]): readonly string[] {
  return packages.flatMap(({ name, version, licence, shipped }) => {
    const verdict = judgeLicence(name, licence, shipped);
    if (verdict.allowed) return [];
    return [`LICENCE_REFUSED ${name} ${version} (${shipped ? "shipped" : "development"}): ${verdict.reason}`];
  });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  const root = join(import.meta.dirname, "..", "..");
  const packages = installedPackages(root);
  const faults = [...refusedPackages(packages)];
  const notice = noticeText(packages);
  const path = join(root, "NOTICE");
  if (values.write) writeFileSync(path, notice);
  else if (readFileSync(path, "utf8") !== notice)
    faults.push("LICENCE_NOTICE_STALE NOTICE: run npm run licences -- --write");
  for (const fault of faults) console.error(fault);
  console.log(
    `${packages.length} packages, ${packages.filter((one) => one.shipped).length} shipped, ${faults.length} refused`,
  );
  if (faults.length > 0) process.exitCode = 1;
}

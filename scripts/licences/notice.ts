import type { Installed } from "./tree.ts";
import { judgeLicence } from "./policy.ts";

const RUNTIME = /^node-linux-/;
/** Declarations for the compiler hold no code and end in no bundle. */
const DECLARATIONS = /^@types\/|^undici-types$/;

/** The text of NOTICE: who wrote what we hand out, the same on every platform. */
export function noticeText(packages: readonly Installed[]): string {
  const shipped = packages.filter((one) => one.shipped && !RUNTIME.test(one.name) && !DECLARATIONS.test(one.name));
  const lines = new Set(shipped.map((one) => `  ${one.name} ${one.version} (${chosenLicence(one)})`));
  const runtime = packages.find(({ name }) => RUNTIME.test(name));
  return [
    "Holdfast",
    "Copyright 2026 The Holdfast Authors",
    "",
    "This product is licensed under the Apache License, Version 2.0; see LICENSE.",
    "",
    "Its bundles contain parts of the packages below. `npm run build` writes the full text of the licence of each",
    "package that really is in a bundle to dist/THIRD-PARTY-LICENCES.txt. This list is generated: `npm run licences -- --write`.",
    "",
    ...[...lines].toSorted(),
    "",
    `Where the runtime is shipped with it: Node.js ${runtime?.version ?? ""} and what it contains, under the terms in its own LICENSE file.`,
    "",
  ].join("\n");
}

function chosenLicence({ name, licence }: Installed): string {
  const verdict = judgeLicence(name, licence, true);
  return verdict.allowed ? verdict.licences.join(" AND ") : "refused";
}

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { EXAMPLE_GATEWAY_YAML } from "../../agent/config/example.ts";
import { sysusersText, tmpfilesText } from "./accounts.ts";
import { bashCompletion } from "./completion/bash.ts";
import { zshCompletion } from "./completion/zsh.ts";
import { ARCHITECTURES, COPYRIGHT_TEXT, LINTIAN_OVERRIDES, debianChangelog } from "./debian/control.ts";
import type { Architecture } from "./debian/control.ts";
import { commandPage } from "./manual/command-page.ts";
import { configPage } from "./manual/config-page.ts";
import { servicePage } from "./manual/service-page.ts";
import { DOC_FOLDER, NOTIFY_EXEC, PROGRAM_FOLDER, RUNTIME, bundle } from "./places.ts";
import type { RuntimeFiles } from "./runtime.ts";
import { EXAMPLES } from "./unit/examples.ts";
import { JOURNAL_TEXT, UNIT_FOLDER, units } from "./unit/units.ts";

/** One file of the package. */
export interface PackageFile {
  /** where it is installed */
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

export interface Sources {
  /** of the tree */
  readonly root: string;
  /** what `npm run build` wrote */
  readonly dist: string;
  readonly runtime: RuntimeFiles;
  readonly architecture: Architecture;
  /** with Debian's revision */
  readonly version: string;
  readonly epochS: number;
}

const LAUNCHER = `#!/bin/sh\nexec ${RUNTIME} ${bundle("holdfast")} "$@"\n`;

/** Everything the package installs. */
export function packageFiles(sources: Sources): readonly PackageFile[] {
  const { root, dist, runtime, version, epochS } = sources;
  const program = (name: string): string => join(PROGRAM_FOLDER, name);
  const upstream = version.replace(/-[^-]*$/, "");
  return [
    { path: RUNTIME, mode: 0o755, bytes: readFileSync(runtime.node) },
    { path: NOTIFY_EXEC, mode: 0o755, bytes: readFileSync(join(root, "hal", "linux", "notify-exec")) },
    ...bundles(dist),
    ...prebuilds(sources),
    file(program("package.json"), readFileSync(join(dist, "package.json"))),
    { path: "/usr/bin/holdfast", mode: 0o755, bytes: Buffer.from(LAUNCHER) },
    ...Object.entries(units()).map(([name, text]) => file(join(UNIT_FOLDER, name), text)),
    file("/usr/lib/systemd/journald@holdfast.conf.d/bounds.conf", JOURNAL_TEXT),
    file("/usr/lib/sysusers.d/holdfast.conf", sysusersText()),
    file("/usr/lib/tmpfiles.d/holdfast.conf", tmpfilesText()),
    file("/usr/share/bash-completion/completions/holdfast", bashCompletion()),
    file("/usr/share/zsh/vendor-completions/_holdfast", zshCompletion()),
    zipped("/usr/share/man/man1/holdfast.1.gz", commandPage(upstream, epochS)),
    zipped("/usr/share/man/man5/holdfast-gateway.yaml.5.gz", configPage(upstream, epochS)),
    zipped("/usr/share/man/man8/holdfast.8.gz", servicePage(upstream, epochS)),
    file("/usr/share/lintian/overrides/holdfast", LINTIAN_OVERRIDES),
    file(join(DOC_FOLDER, "examples", "gateway.yaml"), EXAMPLE_GATEWAY_YAML),
    ...Object.entries(EXAMPLES).map(([name, text]) => file(join(DOC_FOLDER, "examples", name), text)),
    file(join(DOC_FOLDER, "copyright"), COPYRIGHT_TEXT),
    file(join(DOC_FOLDER, "NOTICE"), readFileSync(join(root, "NOTICE"))),
    zipped(join(DOC_FOLDER, "RUNTIME-LICENCE.txt.gz"), readFileSync(runtime.licence)),
    zipped(join(DOC_FOLDER, "changelog.Debian.gz"), debianChangelog(version, epochS)),
    zipped(join(DOC_FOLDER, "changelog.gz"), readFileSync(join(root, "CHANGELOG.md"))),
    zipped(join(DOC_FOLDER, "THIRD-PARTY-LICENCES.txt.gz"), readFileSync(join(dist, "THIRD-PARTY-LICENCES.txt"))),
  ];
}

/** Without source maps: a gateway has no sources to map to. */
function bundles(dist: string): readonly PackageFile[] {
  return readdirSync(join(dist, "bundle"))
    .filter((name) => name.endsWith(".js"))
    .map((name) => file(join(PROGRAM_FOLDER, "bundle", name), readFileSync(join(dist, "bundle", name))));
}

/** The serial binding looks in `../prebuilds` from the bundle. */
function prebuilds({ dist, architecture }: Sources): readonly PackageFile[] {
  const folder = join("prebuilds", `linux-${ARCHITECTURES[architecture]}`);
  return readdirSync(join(dist, folder)).map((name) =>
    file(join(PROGRAM_FOLDER, folder, name), readFileSync(join(dist, folder, name))),
  );
}

const file = (path: string, content: string | Uint8Array): PackageFile => ({
  path,
  mode: 0o644,
  bytes: Buffer.from(content),
});

/** Without a time in it. */
const zipped = (path: string, content: string | Uint8Array): PackageFile => file(path, gzipSync(content, { level: 9 }));

import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { BuildError } from "./error.ts";

/** The serial binding's prebuilt files for the platforms we ship for; musl is none of them. */
const PREBUILDS = [
  "linux-x64/@serialport+bindings-cpp.glibc.node",
  "linux-arm64/@serialport+bindings-cpp.armv8.glibc.node",
];
const BINDINGS = "node_modules/@serialport/bindings-cpp/prebuilds";

/**
 * Copies them to `<dist>/prebuilds`: the binding's loader looks in `../prebuilds` from the bundle, and a bundle that
 * does not find them loses serial lines without a word.
 * @throws {BuildError} `BUILD_PREBUILD_MISSING`
 */
export function copyPrebuilds(root: string, dist: string): readonly string[] {
  return PREBUILDS.map((file) => {
    const from = join(root, BINDINGS, file);
    if (!existsSync(from)) throw new BuildError("BUILD_PREBUILD_MISSING", `${from}: run 'npm ci'`);
    const to = join(dist, "prebuilds", file);
    mkdirSync(join(to, ".."), { recursive: true });
    copyFileSync(from, to);
    return to;
  });
}

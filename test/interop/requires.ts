import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, test } from "vitest";

/** System packages that tests may need, and how each is seen to be there. `.ci/run` installs every one. */
const TOOLS = {
  gcc: { debian: "gcc", present: () => inPath("gcc") },
  libmodbus: { debian: "libmodbus-dev pkg-config", present: () => hasLibrary("libmodbus") },
  mbpoll: { debian: "mbpoll", present: () => inPath("mbpoll") },
  mosquitto: { debian: "mosquitto", present: () => inPath("mosquitto") },
  "mosquitto-clients": {
    debian: "mosquitto-clients",
    present: () => inPath("mosquitto_sub") && inPath("mosquitto_pub"),
  },
} as const satisfies Readonly<Record<string, { readonly debian: string; readonly present: () => boolean }>>;

export type Tool = keyof typeof TOOLS;

/**
 * Stands where `describe` would: `requires("mbpoll")("mbpoll reads our devices", () => { … })`.
 * Without the tools the tests are skipped and say why; with `HOLDFAST_NO_SKIP=1` in the environment they fail instead.
 */
export function requires(...tools: readonly Tool[]): (name: string, body: () => void) => void {
  const missing = tools.filter((tool) => !TOOLS[tool].present());
  if (missing.length === 0) return (name, body) => void describe(name, body);
  const reason = `needs ${missing.join(", ")}: apt-get install ${missing.map((tool) => TOOLS[tool].debian).join(" ")}`;
  if (process.env["HOLDFAST_NO_SKIP"] === "1") {
    return (name) => {
      describe(name, () => {
        test(reason, () => {
          throw new Error(`${reason} (HOLDFAST_NO_SKIP=1 allows no skip)`);
        });
      });
    };
  }
  return (name, body) => {
    process.stderr.write(`skipped: ${name}: ${reason}\n`);
    describe.skip(`${name} (skipped: ${reason})`, body);
  };
}

function inPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function hasLibrary(name: string): boolean {
  return spawnSync("pkg-config", ["--exists", name]).status === 0;
}

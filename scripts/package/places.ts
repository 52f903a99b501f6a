import { dirname, join } from "node:path";
import { DEFAULT_CONFIG_PATH, DEFAULT_RUN_FOLDER, DEFAULT_STATE_FOLDER } from "../../agent/process/layout.ts";
import type { Layout } from "../../agent/process/layout.ts";

/** Where the package puts things. */
export const LAYOUT: Layout = { stateFolder: DEFAULT_STATE_FOLDER, runFolder: DEFAULT_RUN_FOLDER };
export const PROGRAM_FOLDER = "/usr/lib/holdfast";
export const RUNTIME = join(PROGRAM_FOLDER, "bin", "node");
export const NOTIFY_EXEC = join(PROGRAM_FOLDER, "notify-exec");
export const bundle = (name: string): string => join(PROGRAM_FOLDER, "bundle", `${name}.js`);
export const DOC_FOLDER = "/usr/share/doc/holdfast";

export const CONFIG_PATH = DEFAULT_CONFIG_PATH;
export const CONFIG_FOLDER = dirname(CONFIG_PATH);
/** Below the folder of the configuration, where further files of it may lie and are watched, too. */
export const PART_FOLDERS: readonly string[] = ["maps", "templates"].map((name) => join(CONFIG_FOLDER, name));
/** For the PEM and password files that `uplink` reads, and nobody else. */
export const SECRETS_FOLDER = join(CONFIG_FOLDER, "tls");

import { copyFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The gateway's own copy of the runtime. Processes that run the same file share its pages, and a page shared with the
 * bench counts only in part: on the bench's own binary the gateway would look some 30 MiB smaller.
 */
export function copyRuntime(folder: string, name = "node"): string {
  const path = join(folder, name);
  copyFileSync(process.execPath, path);
  return path;
}

import { existsSync } from "node:fs";

/** Whether a path is known to exist. Under Node's permission model asking about a path that was not allowed throws. */
export function exists(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
}

import { readFile } from "node:fs/promises";
import type { MachineBoot } from "../machine-boot.ts";

/** The kernel draws it once, at its start. @see random(4) */
const BOOT_ID = "/proc/sys/kernel/random/boot_id";

export function linuxMachineBoot(path: string = BOOT_ID): MachineBoot {
  return {
    id: async () => {
      const text = await readFile(path, "latin1").catch(() => "");
      return text.trim() === "" ? undefined : text.trim();
    },
  };
}

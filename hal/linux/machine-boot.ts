import { readFile } from "node:fs/promises";
import type { MachineBoot } from "../machine-boot.ts";

/** The kernel draws it once, at its start. @see random(4) */
const BOOT_ID = "/proc/sys/kernel/random/boot_id";
const NAME = /^[0-9a-f-]{32,36}$/;

/**
 * The kernel's own name for its start. A sandboxed unit does not see that file (`ProcSubset=pid`), and is told by its
 * service manager instead.
 * @param given what the service manager said, such as systemd's `%b`
 */
export function linuxMachineBoot(given?: string, path: string = BOOT_ID): MachineBoot {
  return {
    id: async () => {
      const text = given ?? (await readFile(path, "latin1").catch(() => ""));
      // one name, whoever tells it: systemd leaves the dashes out
      const name = text.trim().toLowerCase();
      return NAME.test(name) ? name.replaceAll("-", "") : undefined;
    },
  };
}

import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { roomCommand } from "../../agent/process/commands.ts";
import { ROOM_NAMES, roomFolder } from "../../agent/process/layout.ts";
import { keepsContract } from "./contract.ts";
import { driverContracts } from "./drivers.ts";
import { useFolder } from "./folder.ts";
import { testPki } from "./pki.ts";

const pki = testPki();

for (const [driver, cases] of Object.entries(driverContracts(pki))) keepsContract(driver, cases);

/** `field` alone has serial lines, and so add-ons. */
test.each(ROOM_NAMES)("the drivers keep their contracts under the flags of %s", async (room) => {
  await useFolder(async (folder) => {
    const layout = { stateFolder: join(folder, "state"), runFolder: join(folder, "run") };
    const own = roomFolder(layout, room);
    await mkdir(own, { recursive: true, mode: 0o700 });
    const { command, args, env } = roomCommand(room, layout);
    const flags = args.slice(
      0,
      args.findIndex((word) => !word.startsWith("--")),
    );
    expect(flags).toContain("--permission");
    const { stdout, stderr } = spawnSync(
      command,
      [...flags, fileURLToPath(new URL("product-flags.ts", import.meta.url))],
      {
        input: JSON.stringify(pki),
        env: { ...env, TMPDIR: own },
        encoding: "utf8",
        timeout: 15_000,
      },
    );
    const { kept, broken } = JSON.parse(stdout === "" ? "{}" : stdout) as { kept?: string[]; broken?: string[] };
    expect(broken, stderr).toEqual([]);
    const promised = Object.entries(driverContracts(pki)).filter(
      ([driver]) => room === "field" || !driver.includes("Serial"),
    );
    expect(kept).toHaveLength(promised.flatMap(([, cases]) => cases).length);
  });
});

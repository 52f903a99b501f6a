import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { keepsContract } from "./contract.ts";
import { driverContracts } from "./drivers.ts";
import { useFolder } from "./folder.ts";
import { testPki } from "./pki.ts";

const pki = testPki();
const repository = fileURLToPath(new URL("../../", import.meta.url));

for (const [driver, cases] of Object.entries(driverContracts(pki))) keepsContract(driver, cases);

/** `field` alone has serial lines, and so add-ons, whose loader asks which C library this is. */
test.each([
  ["keeper and uplink", [], (driver: string) => !driver.includes("Serial")],
  ["field", ["--allow-addons", "--allow-fs-read=/etc/alpine-release"], () => true],
])("the drivers keep their contracts under the flags of %s", async (_process, flags, expected) => {
  await useFolder(async (folder) => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        "--permission",
        `--allow-fs-read=${repository}`,
        `--allow-fs-read=${folder}`,
        `--allow-fs-write=${folder}`,
        "--max-semi-space-size=1",
        ...flags,
        fileURLToPath(new URL("product-flags.ts", import.meta.url)),
      ],
      {
        input: JSON.stringify(pki),
        env: { TMPDIR: folder, UV_THREADPOOL_SIZE: "5" },
        encoding: "utf8",
        timeout: 15_000,
      },
    );
    const { kept, broken } = JSON.parse(stdout === "" ? "{}" : stdout) as { kept?: string[]; broken?: string[] };
    expect(broken, stderr).toEqual([]);
    const promised = Object.entries(driverContracts(pki)).filter(([driver]) => expected(driver));
    expect(kept).toHaveLength(promised.flatMap(([, cases]) => cases).length);
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linuxDisk } from "../../hal/linux/disk.ts";
import { memoryDisk } from "../../simulator/disk.ts";
import { keepsContract } from "./contract.ts";
import { diskContract } from "./disk.contract.ts";

keepsContract(
  "linuxDisk",
  diskContract(async (work) => {
    const folder = await mkdtemp(join(tmpdir(), "disk-"));
    try {
      await work(linuxDisk(folder));
    } finally {
      await rm(folder, { recursive: true });
    }
  }),
);

keepsContract(
  "memoryDisk",
  diskContract((work) => work(memoryDisk())),
);

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { virtualClock } from "../../simulator/clock.ts";
import { memoryNetwork } from "../../simulator/network.ts";
import type { MemoryNetworkOptions } from "../../simulator/network.ts";
import { keepsContract } from "./contract.ts";
import { networkContract } from "./network.contract.ts";

keepsContract(
  "linuxNetwork",
  networkContract(async (work) => {
    const folder = await mkdtemp(join(tmpdir(), "net-"));
    try {
      await work({ network: linuxNetwork(), socketPath: join(folder, "pair.sock") });
    } finally {
      await rm(folder, { recursive: true });
    }
  }),
);

const memory = (options: MemoryNetworkOptions) =>
  networkContract((work) =>
    work({ network: memoryNetwork(virtualClock(), options), socketPath: "/run/holdfast/pair.sock" }),
  );

keepsContract("memoryNetwork", memory({}));
keepsContract("memoryNetwork that splits what it carries", memory({ segmentBytes: 65_521 }));

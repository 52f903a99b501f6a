import { linuxDigitalIo } from "../../../hal/linux/digital-io.ts";
import { linuxMachineBoot } from "../../../hal/linux/machine-boot.ts";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { vi } from "vitest";
import { askKeeper } from "../../../agent/cli/control-client.ts";
import { compileConfig } from "../../../agent/config/compile.ts";
import { memoryDoor } from "../../../agent/contract/door.ts";
import { silentLog } from "../../../agent/contract/log.ts";
import type { GatewayStatus } from "../../../agent/contract/status.ts";
import { startGateway } from "../../../agent/gateway.ts";
import { readSinkMaterial } from "../../../agent/process/sink-material.ts";
import { readTlsMaterial } from "../../../agent/process/tls-material.ts";
import { linuxClock } from "../../../hal/linux/clock.ts";
import { linuxDisk } from "../../../hal/linux/disk.ts";
import { linuxEntropy } from "../../../hal/linux/entropy.ts";
import { linuxDatagrams } from "../../../hal/linux/datagram.ts";
import { linuxNetwork } from "../../../hal/linux/network.ts";
import { linuxSerial } from "../../../hal/linux/serial.ts";
import { configText } from "./gateway-file.ts";
import type { GatewayFile } from "./gateway-file.ts";

const PATIENCE_MS = 15_000;
const LOOK_MS = 20;

/** The three rooms inside the test's own process, on real drivers: for what does not depend on processes. */
export interface InnerGateway extends AsyncDisposable {
  apply(file: GatewayFile): Promise<void>;
  until(what: string, wanted: (status: GatewayStatus) => boolean): Promise<GatewayStatus>;
}

export async function startInnerGateway(folder: string): Promise<InnerGateway> {
  const clock = linuxClock();
  const control = memoryDoor();
  const disk = async (room: string) => {
    const path = join(folder, room);
    await mkdir(path, { recursive: true });
    return linuxDisk(path);
  };
  const failures: unknown[] = [];
  const gateway = startGateway(
    {
      machine: {
        clock,
        entropy: linuxEntropy(),
        network: linuxNetwork(),
        datagrams: linuxDatagrams(),
        serial: linuxSerial(),
        digitalIo: linuxDigitalIo(clock),
        machineBoot: linuxMachineBoot(),
      },
      disks: { keeper: await disk("keeper"), field: await disk("field"), uplink: await disk("uplink") },
      material: readTlsMaterial,
      sinkMaterial: readSinkMaterial,
      control: control.door,
      log: silentLog,
      version: "test",
    },
    (room, error) => failures.push({ room, error }),
  );
  const parts = { clock, dialer: control.dialer };
  return {
    async apply(file) {
      const compiled = compileConfig(configText(file), join(folder, "gateway.yaml"));
      if ("report" in compiled) throw new Error(JSON.stringify(compiled.report, null, 2));
      const reply = await askKeeper(parts, { kind: "apply-config", snapshot: { ...compiled.snapshot } }, PATIENCE_MS);
      if (reply.kind === "done" && reply.refused !== undefined) throw new Error(JSON.stringify(reply.refused));
    },
    async until(what, wanted) {
      let last: GatewayStatus | undefined;
      try {
        return await vi.waitFor(
          async () => {
            if (failures.length > 0) throw new Error("a room ended", { cause: failures[0] });
            const reply = await askKeeper(parts, { kind: "status-query", points: false }, PATIENCE_MS);
            if (reply.kind !== "gateway-status" || !wanted((last = reply.status))) throw new Error("not yet");
            return reply.status;
          },
          { timeout: PATIENCE_MS, interval: LOOK_MS },
        );
      } catch (error) {
        throw new Error(`never: ${what}; last status ${JSON.stringify(last)}`, { cause: error });
      }
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

import type { Clock } from "../../../hal/clock.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { ModbusDevice, serveRtu } from "../../../simulator/modbus/index.ts";
import { openPty } from "../../../simulator/pty.ts";
import type { FileBus, GatewayFile } from "../../interop/peers/gateway-file.ts";

const LINE = { baudRate: 9_600, parity: "even", dataBits: 8, stopBits: 1 } as const;
const DEVICES = 5;
const OUTPUTS_EACH = 4;

/** 20 outputs on a pty at 9600 baud, each with a step of the plan, and when each was last written. */
export interface PlannedLine extends AsyncDisposable {
  readonly bus: FileBus;
  readonly plan: NonNullable<GatewayFile["plan"]>;
  /** When the last of the outputs was written for the first time after `sinceMs`; undefined while any is missing. */
  allWrittenMs(sinceMs: number): number | undefined;
}

export async function openPlannedLine(clock: Clock): Promise<PlannedLine> {
  const names = Array.from({ length: DEVICES }, (_, i) => `drive-${i + 1}`);
  const writes: number[][] = [];
  const devices = names.map((_, i) => {
    const device = new ModbusDevice({ unit: i + 1, clock, entropy: seededEntropy(i + 1) });
    for (let address = 0; address < OUTPUTS_EACH; address++) {
      const times: number[] = [];
      writes.push(times);
      let value = 1;
      device.coils.define(address, {
        size: 1,
        read: () => [value],
        write([next = 0]) {
          value = next;
          times.push(clock.monotonicMs());
        },
      });
    }
    return device;
  });
  const pty = await openPty({ clock });
  const served = serveRtu({ clock, wire: pty.wire(LINE), line: LINE, devices });
  const output = { onRestart: "plan" } as const;
  const points = Array.from({ length: OUTPUTS_EACH }, (_, address) => {
    return { name: `run-${address}`, table: "coil", address, output } as const;
  });
  return {
    bus: {
      name: "line",
      rtu: { path: pty.path, baudRate: LINE.baudRate, parity: LINE.parity, stopBits: LINE.stopBits },
      devices: names.map((name, i) => ({ name, unit: i + 1, pollMs: 1_000, timeoutMs: 200, points })),
    },
    plan: {
      steps: points.flatMap((point) => names.map((name) => ({ output: `${name}/${point.name}`, value: false }))),
    },
    allWrittenMs(sinceMs) {
      const firsts = writes.map((times) => times.find((ms) => ms > sinceMs));
      return firsts.every((ms) => ms !== undefined) ? Math.max(...firsts) : undefined;
    },
    async [Symbol.asyncDispose]() {
      served[Symbol.dispose]();
      await pty[Symbol.asyncDispose]();
    },
  };
}

import type { Clock } from "../../../hal/clock.ts";
import type { Network } from "../../../hal/network.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { ModbusDevice, serveTcp } from "../../../simulator/modbus/index.ts";
import type { ModbusTcpServer } from "../../../simulator/modbus/index.ts";

/** What the recorded register holds at first. */
const FIRST_VALUE = 1;

/** A device whose holding register 0 counts its readings and remembers when each was. */
export interface RecordingDevice {
  readonly device: ModbusDevice;
  /** monotonic milliseconds of each reading of register 0 */
  readonly readMs: number[];
  /** The longest time between two readings from `fromMs` to `toMs`, the ends of the window included. */
  longestPauseMs(fromMs: number, toMs: number): number;
}

export function recordingDevice(clock: Clock, unit: number): RecordingDevice {
  const device = new ModbusDevice({ unit, clock, entropy: seededEntropy(unit) });
  const readMs: number[] = [];
  let value = FIRST_VALUE;
  device.holdingRegisters.define(0, {
    size: 1,
    read: () => {
      readMs.push(clock.monotonicMs());
      value = (value + 1) % 65_536;
      return [value];
    },
  });
  return {
    device,
    readMs,
    longestPauseMs(fromMs, toMs) {
      const instants = [fromMs, ...readMs.filter((ms) => ms > fromMs && ms < toMs), toMs];
      return Math.max(...instants.slice(1).map((ms, i) => ms - (instants[i] ?? ms)));
    },
  };
}

/** The device behind a loopback socket of its own. */
export function serveRecording(clock: Clock, network: Network, { device }: RecordingDevice): Promise<ModbusTcpServer> {
  return serveTcp({ clock, network, target: { kind: "tcp", host: "127.0.0.1", port: 0 }, devices: [device] });
}

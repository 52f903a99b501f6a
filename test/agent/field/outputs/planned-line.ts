import type { DeviceSnapshot, FieldSnapshot } from "../../../../agent/config/snapshot.ts";
import type { ModbusDevice } from "../../../../simulator/modbus/index.ts";
import { fieldWorld } from "../field-world.ts";
import { device, point } from "../snapshots.ts";
import { coil, guard, plan, pump, pumping, speed } from "./outputs-world.ts";

export const valve = (over: Partial<DeviceSnapshot> = {}): DeviceSnapshot =>
  device("valve", 2, {
    points: [point("position", { address: 4, output: { write: "single", low: 0, high: 100, guard: guard() } })],
    ...over,
  });
export const steps = [
  { output: "pump/run" },
  { output: "valve/position", value: 7 },
  { output: "pump/speed", value: 5 },
];
export const whole = (over: Partial<FieldSnapshot> = {}): FieldSnapshot =>
  pumping([pump([coil("run", 1), speed()]), valve()], { plan: plan(steps), ...over });

function started(devices: readonly ModbusDevice[], log: string[]): void {
  for (const one of devices) {
    one.coils.write(0, [0, 1]);
    const coils = one.coils.write.bind(one.coils);
    one.coils.write = (first, values) => {
      log.push(`${one.unit} coil ${first} = ${values.join()}`);
      coils(first, values);
    };
    const registers = one.holdingRegisters.write.bind(one.holdingRegisters);
    one.holdingRegisters.write = (first, values) => {
      log.push(`${one.unit} register ${first} = ${values.join()}`);
      registers(first, values);
    };
  }
}

export async function running(snapshot: FieldSnapshot, over: Parameters<typeof fieldWorld>[0] = {}) {
  const world = fieldWorld(over);
  const devices = world.devices([1, 2]);
  const log: string[] = [];
  started(devices, log);
  world.line(devices);
  const channel = await world.keeper();
  await world.configure("one", snapshot);
  await world.clock.advance(2_500);
  return { world, devices: devices as [ModbusDevice, ModbusDevice], log, channel };
}

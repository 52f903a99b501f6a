import { expect, test } from "vitest";
import { virtualClock } from "../../../simulator/clock.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { ModbusDevice } from "../../../simulator/modbus/index.ts";

test("a stuck device repeats its last value for each read, still obeys, and moves again once it is cleared", () => {
  const device = new ModbusDevice({ unit: 1, clock: virtualClock(), entropy: seededEntropy(1) });
  let value = 1;
  device.inputRegisters.define(0, { size: 1, read: () => [value] });
  device.holdingRegisters.store(0, [5]);
  const read = (): number | undefined => device.exchange(Buffer.from("0400000001", "hex")).reply?.at(-1);
  device.inject({ kind: "stuck" });
  expect(read()).toBe(1);
  value = 2;
  expect(read()).toBe(1);
  expect(device.exchange(Buffer.from("0600000009", "hex")).reply).toEqual(Uint8Array.from([6, 0, 0, 0, 9]));
  expect(device.holdingRegisters.read(0, 1)).toEqual([9]);
  device.clear("stuck");
  expect(read()).toBe(2);
});

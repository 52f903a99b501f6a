import type { ModbusDevice } from "../modbus/index.ts";
import { bitBlock, expectRange, valueBlock } from "../modbus/index.ts";
import { DRY_RUN_LEVEL_M } from "./controller.ts";
import { currentA } from "./electricity.ts";
import { GRAVITY, WATER_DENSITY } from "./hydraulics.ts";
import type { Model } from "./model.ts";
import type { Pump } from "./pump.ts";
import { RATED_HZ, RATED_RPM, speedOf } from "./pump.ts";
import { VALVE_TRAVEL_S, wellLevelM } from "./station.ts";

const CONTROL_RUN = 1;
const CONTROL_RESET = 2;
/** A drive that nobody has asked anything for so long stops by itself: set with its maker's tool, and read here. */
const COMMUNICATION_LOSS_S = 10;

/** Pump drive: 16-bit scaled values and bits, totals in 32 bits. */
export function fillDrive(device: ModbusDevice, model: Model, index: 0 | 1): void {
  const pump = (): Pump => model.now().pumps[index];
  const run = (): boolean => model.commands.run[index];
  const setRun = (on: boolean): void => model.command({ run: replaced(model.commands.run, index, on) });
  const { holdingRegisters: holding, inputRegisters: input } = device;
  holding.define(0, {
    size: 1,
    read: () => [run() ? CONTROL_RUN : 0],
    write: ([word = 0]) => {
      setRun((word & CONTROL_RUN) !== 0);
      if ((word & CONTROL_RESET) !== 0) model.command({ reset: replaced(model.commands.reset, index, true) });
    },
  });
  holding.define(
    1,
    valueBlock(
      { type: "uint16" },
      () => Math.round(model.commands.targetHz[index] * 100),
      (raw) => {
        const targetHz = expectRange(raw, 0, RATED_HZ * 100) / 100;
        model.command({ targetHz: replaced(model.commands.targetHz, index, targetHz) });
      },
    ),
  );
  holding.define(
    2,
    valueBlock({ type: "uint16" }, () => COMMUNICATION_LOSS_S),
  );
  device.beforeHearing = () => void model.now();
  model.watch((nowMs) => {
    const lost = nowMs - device.lastHeardMs > COMMUNICATION_LOSS_S * 1_000;
    return lost && run() ? { run: replaced(model.commands.run, index, false) } : {};
  });
  input.define(
    0,
    valueBlock({ type: "uint16" }, () => statusWord(model, index)),
  );
  input.define(
    1,
    valueBlock({ type: "uint16" }, () => Math.round(speedOf(pump()) * RATED_HZ * 100)),
  );
  input.define(
    2,
    valueBlock({ type: "uint16" }, () => Math.round(speedOf(pump()) * RATED_RPM)),
  );
  input.define(
    3,
    valueBlock({ type: "uint16" }, () => Math.round(currentA(pump().electricW) * 100)),
  );
  input.define(
    4,
    valueBlock({ type: "int16" }, () => Math.round(pump().electricW / 10)),
  );
  input.define(
    5,
    valueBlock({ type: "int16" }, () => Math.round(pump().motorC * 10)),
  );
  input.define(
    6,
    valueBlock({ type: "uint32" }, () => Math.floor(pump().runS)),
  );
  input.define(
    8,
    valueBlock({ type: "uint32" }, () => pump().starts),
  );
  device.coils.define(0, bitBlock(run, setRun));
  device.discreteInputs.define(
    0,
    bitBlock(() => pump().running),
  );
  device.discreteInputs.define(
    1,
    bitBlock(() => pump().tripped),
  );
}

/** Valve actuator: permille, limit switches, a counter whose words come low first. */
export function fillValve(device: ModbusDevice, model: Model): void {
  const position = (): number => Math.round(model.now().opening * 1000);
  device.holdingRegisters.define(
    0,
    valueBlock(
      { type: "uint16" },
      () => Math.round(model.commands.opening * 1000),
      (raw) => model.command({ opening: expectRange(raw, 0, 1000) / 1000 }),
    ),
  );
  device.inputRegisters.define(0, valueBlock({ type: "uint16" }, position));
  device.inputRegisters.define(
    1,
    valueBlock({ type: "uint32", wordOrder: "little" }, () => Math.floor(model.now().valveTravelS / VALVE_TRAVEL_S)),
  );
  device.discreteInputs.define(
    0,
    bitBlock(() => position() === 1000),
  );
  device.discreteInputs.define(
    1,
    bitBlock(() => position() === 0),
  );
}

/** Level transmitter: floats, big-endian, and its tag as text. */
export function fillLevel(device: ModbusDevice, model: Model): void {
  const levelM = (): number => wellLevelM(model.now());
  let tag = "LT-101";
  device.inputRegisters.define(0, valueBlock({ type: "float32" }, levelM));
  device.inputRegisters.define(
    2,
    valueBlock({ type: "float32" }, () => (levelM() * WATER_DENSITY * GRAVITY) / 1000),
  );
  device.inputRegisters.define(
    4,
    valueBlock({ type: "int16" }, () => 131),
  );
  device.holdingRegisters.define(
    0,
    valueBlock(
      { type: "string", length: 4 },
      () => tag,
      (text) => void (tag = String(text)),
    ),
  );
}

function statusWord(model: Model, index: 0 | 1): number {
  const station = model.now();
  const pump = station.pumps[index];
  const wet = wellLevelM(station) > DRY_RUN_LEVEL_M;
  const atSpeed = Math.abs(speedOf(pump) * RATED_HZ - model.commands.targetHz[index]) < 0.5;
  const bits = [!pump.tripped && wet, pump.running, pump.tripped, pump.running && atSpeed, !wet];
  return bits.reduce((word, on, bit) => word | (on ? 1 << bit : 0), 0);
}

function replaced<T>(pair: readonly [T, T], index: 0 | 1, value: T): readonly [T, T] {
  return index === 0 ? [value, pair[1]] : [pair[0], value];
}

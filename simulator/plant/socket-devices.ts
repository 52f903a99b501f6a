import type { Layout, ModbusDevice } from "../modbus/index.ts";
import { bitBlock, expectRange, valueBlock } from "../modbus/index.ts";
import type { Levels } from "./controller.ts";
import { DRY_RUN_LEVEL_M, HIGH_ALARM_LEVEL_M } from "./controller.ts";
import type { Supply } from "./electricity.ts";
import { supplyOf } from "./electricity.ts";
import type { Model } from "./model.ts";
import { tankLevelM, wellLevelM } from "./station.ts";

const SECONDS_PER_HOUR = 3_600;
/** m2, a pipe of 150 mm */
const PIPE_AREA_M2 = 0.0177;
const SWAPPED_FLOAT: Layout = { type: "float32", wordOrder: "little" };
const FLOAT: Layout = { type: "float32" };
/** lowest and highest level anyone may set, m */
const LEVEL_LOW = 0.4;
const LEVEL_HIGH = 2.8;

/** Flow meter: floats with their words swapped, and a total in 64 bits. */
export function fillFlow(device: ModbusDevice, model: Model): void {
  const { inputRegisters: input } = device;
  input.define(
    0,
    valueBlock(SWAPPED_FLOAT, () => model.now().flow * SECONDS_PER_HOUR),
  );
  input.define(
    2,
    valueBlock(SWAPPED_FLOAT, () => model.now().flow / PIPE_AREA_M2),
  );
  input.define(
    4,
    valueBlock({ type: "float64" }, () => model.now().pumpedM3),
  );
  input.define(
    8,
    valueBlock({ type: "int32", wordOrder: "little" }, () => Math.round(model.now().flow * 1e6)),
  );
}

/** Energy meter: a 64-bit count of watt-hours, 32-bit integers, floats. */
export function fillEnergy(device: ModbusDevice, model: Model): void {
  const startS = model.now().timeS;
  const supply = (): Supply => {
    const station = model.now();
    return supplyOf(station, station.timeS - startS);
  };
  const { inputRegisters: input } = device;
  input.define(
    0,
    valueBlock({ type: "uint64" }, () => supply().energyWh),
  );
  input.define(
    4,
    valueBlock({ type: "int32" }, () => Math.round(supply().powerW)),
  );
  input.define(
    6,
    valueBlock({ type: "int32" }, () => Math.round(supply().reactiveVar)),
  );
  for (const phase of [0, 1, 2]) {
    input.define(
      8 + phase * 2,
      valueBlock(FLOAT, () => supply().phaseVoltage),
    );
    input.define(
      14 + phase * 2,
      valueBlock(FLOAT, () => supply().phaseCurrentA),
    );
  }
  input.define(
    20,
    valueBlock(FLOAT, () => supply().powerFactor),
  );
}

/** Station PLC: float switches, mode, levels to switch at, a name. */
export function fillController(device: ModbusDevice, model: Model): void {
  const level = (): number => wellLevelM(model.now());
  const levels = (): Levels => model.commands.levels;
  device.coils.define(
    0,
    bitBlock(
      () => model.commands.auto,
      (auto) => model.command({ auto }),
    ),
  );
  const switches: readonly (() => boolean)[] = [
    () => level() > DRY_RUN_LEVEL_M,
    () => level() > levels().stopM,
    () => level() > levels().startM,
    () => level() > levels().standbyM,
    () => level() > HIGH_ALARM_LEVEL_M,
    () => model.now().controller.duty === 1,
    () => model.now().pumps.some(({ tripped }) => tripped),
    () => model.now().wellOverflowM3 > 0,
  ];
  switches.forEach((read, address) => device.discreteInputs.define(address, bitBlock(read)));
  (["startM", "stopM", "standbyM"] as const).forEach((name, i) => {
    device.holdingRegisters.define(
      i * 2,
      valueBlock(
        FLOAT,
        () => levels()[name],
        (value) => model.command({ levels: { ...levels(), [name]: expectRange(value, LEVEL_LOW, LEVEL_HIGH) } }),
      ),
    );
  });
  device.holdingRegisters.define(
    100,
    valueBlock({ type: "string", length: 8 }, () => "Harbour station"),
  );
  device.inputRegisters.define(
    0,
    valueBlock(FLOAT, () => tankLevelM(model.now())),
  );
  device.inputRegisters.define(
    2,
    valueBlock({ type: "float32", wordOrder: "little", byteOrder: "little" }, () => model.now().tankM3),
  );
  device.inputRegisters.define(
    4,
    valueBlock(FLOAT, () => model.now().demand * SECONDS_PER_HOUR),
  );
  // the PLC's own life sign: tenths of a second, 16 bits that wrap
  device.inputRegisters.define(
    6,
    valueBlock({ type: "uint16" }, () => Math.floor(model.now().timeS * 10)),
  );
}

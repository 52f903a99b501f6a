import type { Clock } from "../../hal/clock.ts";
import type { Entropy } from "../../hal/entropy.ts";
import type { SerialLine } from "../../hal/serial.ts";
import { ModbusDevice } from "../modbus/index.ts";
import { plantModel } from "./model.ts";
import { fillPumpPapers } from "./pump-papers.ts";
import { fillDrive, fillLevel, fillValve } from "./serial-devices.ts";
import { fillController, fillEnergy, fillFlow } from "./socket-devices.ts";
import type { Commands, Station } from "./station.ts";

/** The line of drives, valve and level transmitter, without its path. */
export const STATION_LINE = { baudRate: 19_200, parity: "even", dataBits: 8, stopBits: 1 } as const satisfies Omit<
  SerialLine,
  "path"
>;

export type StationDevice =
  | "pump-1"
  | "pump-2"
  | "discharge-valve"
  | "level-transmitter"
  | "flow-meter"
  | "station-plc"
  | "energy-meter";

/** A pumping station and the field devices through which the world sees it. The register maps are in README.md. */
export interface PumpingStation {
  readonly devices: Readonly<Record<StationDevice, ModbusDevice>>;
  /** units 1 to 4 on one serial line */
  readonly rtu: readonly ModbusDevice[];
  /** one socket for the flow meter alone, one for a panel with PLC and energy meter */
  readonly tcp: { readonly flow: readonly ModbusDevice[]; readonly panel: readonly ModbusDevice[] };
  /** the truth, for comparison with what was measured */
  state(): Station;
  /** what is asked of the station; all of it can be written over Modbus too */
  commands(): Commands;
}

/** Draws its noise from `entropy` once: what else uses that entropy later does not disturb the plant. */
export function pumpingStation({
  clock,
  entropy,
}: {
  readonly clock: Clock;
  readonly entropy: Entropy;
}): PumpingStation {
  const model = plantModel(clock, entropy);
  const device = (unit: number, replyDelayMs: number, product: string): ModbusDevice =>
    new ModbusDevice({
      unit,
      clock,
      entropy,
      replyDelayMs,
      identification: { 0: "Holdfast simulator", 1: product, 2: "1.0", 4: product },
    });
  const devices = {
    "pump-1": device(1, 4, "pump drive"),
    "pump-2": device(2, 4, "pump drive"),
    "discharge-valve": device(3, 8, "valve actuator"),
    "level-transmitter": device(4, 6, "level transmitter"),
    "flow-meter": device(1, 2, "flow meter"),
    "station-plc": device(1, 1, "station PLC"),
    "energy-meter": device(2, 3, "energy meter"),
  };
  fillDrive(devices["pump-1"], model, 0);
  fillDrive(devices["pump-2"], model, 1);
  fillPumpPapers(devices["pump-1"], 0);
  fillPumpPapers(devices["pump-2"], 1);
  fillValve(devices["discharge-valve"], model);
  fillLevel(devices["level-transmitter"], model);
  fillFlow(devices["flow-meter"], model);
  fillController(devices["station-plc"], model);
  fillEnergy(devices["energy-meter"], model);
  return {
    devices,
    rtu: [devices["pump-1"], devices["pump-2"], devices["discharge-valve"], devices["level-transmitter"]],
    tcp: { flow: [devices["flow-meter"]], panel: [devices["station-plc"], devices["energy-meter"]] },
    state: () => model.now(),
    commands: () => model.commands,
  };
}

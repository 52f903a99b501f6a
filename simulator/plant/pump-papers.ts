import type { ModbusDevice } from "../modbus/index.ts";
import { valueBlock } from "../modbus/index.ts";
import { pumpHeadM } from "./hydraulics.ts";
import { RATED_RPM } from "./pump.ts";

const NAMEPLATE = 100;
const CURVE = 120;
/** m3/h at which the maker measured the head, at rated speed */
const CURVE_FLOWS = [0, 72, 144, 216, 288] as const;
const REGISTERS_PER_ROW = 4;
const SECONDS_PER_HOUR = 3_600;
const RATED_KW = 15;
const SERIAL_FIRST = 4_207_001;

/** What came with a pump and is kept in its drive: the nameplate, and the curve of head over flow. */
export function fillPumpPapers(device: ModbusDevice, index: 0 | 1): void {
  const { holdingRegisters: holding } = device;
  holding.define(
    NAMEPLATE,
    valueBlock({ type: "string", length: 8 }, () => "Holdfast Pumps"),
  );
  holding.define(
    NAMEPLATE + 8,
    valueBlock({ type: "uint32" }, () => SERIAL_FIRST + index),
  );
  holding.define(
    NAMEPLATE + 10,
    valueBlock({ type: "float32" }, () => RATED_KW),
  );
  holding.define(
    NAMEPLATE + 12,
    valueBlock({ type: "uint16" }, () => RATED_RPM),
  );
  CURVE_FLOWS.forEach((flow, row) => {
    const at = CURVE + row * REGISTERS_PER_ROW;
    holding.define(
      at,
      valueBlock({ type: "float32" }, () => flow),
    );
    holding.define(
      at + 2,
      valueBlock({ type: "float32" }, () => pumpHeadM(flow / SECONDS_PER_HOUR)),
    );
  });
}

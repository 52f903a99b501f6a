import { tankLevelM, wellLevelM } from "../../simulator/plant/index.ts";
import type { PumpingStation } from "../../simulator/plant/index.ts";

/** The truth about the plant in one line, to hold against what the gateway read. */
export function plantLine(station: PumpingStation): string {
  const state = station.state();
  return `plant     well ${wellLevelM(state).toFixed(2)} m, tank ${tankLevelM(state).toFixed(2)} m`;
}

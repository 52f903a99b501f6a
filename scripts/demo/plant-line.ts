import { speedOf, tankLevelM, wellLevelM } from "../../simulator/plant/index.ts";
import type { PumpingStation } from "../../simulator/plant/index.ts";

const SECONDS_AN_HOUR = 3_600;
/** share of rated speed */
const STANDING = 0.01;

/** The truth about the plant in one line, to hold against what the gateway read. */
export function plantLine(station: PumpingStation): string {
  const state = station.state();
  const pumps = state.pumps.map((pump, i) => {
    const share = speedOf(pump);
    return `pump ${i + 1} ${share < STANDING ? "stands" : `at ${(share * 100).toFixed(0)} %`}`;
  });
  const flow = `flow ${(state.flow * SECONDS_AN_HOUR).toFixed(0)} m3/h`;
  const levels = `well ${wellLevelM(state).toFixed(2)} m, tank ${tankLevelM(state).toFixed(2)} m`;
  return `plant     ${levels}, ${pumps.join(", ")}, valve ${(state.opening * 100).toFixed(0)} %, ${flow}`;
}

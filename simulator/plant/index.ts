export { pumpingStationConfig } from "./gateway-config.ts";
export type { StationConfigOptions } from "./gateway-config.ts";
export { pumpingStation, STATION_LINE } from "./pumping-station.ts";
export type { PumpingStation, StationDevice } from "./pumping-station.ts";
export { servePumpingStation } from "./serve.ts";
export type { ServedStation, StationPorts } from "./serve.ts";
export { tankLevelM, wellLevelM } from "./station.ts";
export type { Commands, Station } from "./station.ts";
export { speedOf } from "./pump.ts";

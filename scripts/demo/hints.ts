import { join } from "node:path";
import type { DemoWorld } from "./world.ts";

/** Lines a person can paste into another terminal. */
export function demoHints(
  world: Pick<DemoWorld, "folder" | "broker" | "detour" | "controlPath" | "receivers">,
): readonly string[] {
  const where = world.detour === undefined ? "" : ` while ${world.detour} is unplugged`;
  const file = (name: string): string => join(world.folder, name);
  return [
    `Broker    mqtts://127.0.0.1:${world.broker.port}, MQTT 3.1.1${where}, certificates in ${world.folder}`,
    `Subscribe mosquitto_sub -h 127.0.0.1 -p ${world.broker.port} --cafile ${file("observer-ca.pem")} --cert ${file("observer.pem")} --key ${file("observer.key")} -t '#' -v`,
    `Ask it    export HOLDFAST_CONTROL=${world.controlPath}; npm run -s holdfast -- why     or: outputs hold, outputs release, alarms, inventory`,
    `Break it  npm run fault -- ${world.folder} pump-1 silence     or: energy-meter exception, station-line unplug, station-line master, broker unplug`,
    ...world.receivers,
  ];
}

import type { DemoWorld } from "./world.ts";

/** What a person can do in another terminal. A line for a window of 80 columns, so that the rest is the gateway's. */
export function demoHints(
  world: Pick<DemoWorld, "folder" | "broker" | "detour" | "wordsPath" | "receivers">,
): readonly string[] {
  const where = world.detour === undefined ? "" : `, while ${world.detour} is unplugged`;
  return [
    `Broker    mqtts://127.0.0.1:${world.broker.port}, certificates in ${world.folder}${where}`,
    `Words     . ${world.wordsPath}     in another terminal; then`,
    "Ask it    holdfast why     or: status, outputs, outputs hold, alarms, inventory",
    "Break it  fault pump-1 silence     or: fault station-line unplug, plug, master",
    `Hear it   ${["subscribe", ...world.receivers].join(", ")}`,
  ];
}

import type { Fields } from "./fields.ts";
import { ConfigurationError } from "./refusal.ts";

/**
 * A bus has devices unless it only listens; one that does is a serial line of this machine and has no output.
 * @throws {ConfigurationError}
 */
export function checkListening(bus: Fields, devices: readonly Fields[]): void {
  const listenOnly = bus.has("listenOnly") && bus.boolean("listenOnly");
  if (!listenOnly) {
    if (devices.length === 0) throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${bus.where} has no device`);
    return;
  }
  bus.object("transport").oneOf("kind", ["serial"]);
  for (const device of devices) {
    for (const { where, output } of pointsOf(device)) {
      if (output)
        throw new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${where} is an output on a bus that only listens`);
    }
  }
}

function pointsOf(device: Fields): readonly { readonly where: string; readonly output: boolean }[] {
  const points = device.raw("points");
  if (!Array.isArray(points)) return [];
  return points.map((point: unknown, index) => ({
    where: `${device.where}.points[${index}]`,
    output: typeof point === "object" && point !== null && "output" in point && point.output !== undefined,
  }));
}

import type { OutputSnapshot } from "../../config/snapshot/outputs.ts";
import type { PointRef } from "../../config/snapshot/expression.ts";
import type { ScalarSnapshot } from "../../config/snapshot.ts";
import type { Bus } from "../bus/bus.ts";
import type { DeviceSource } from "../points/device-source.ts";
import type { PointState } from "../points/source.ts";

/** One output of the running configuration, where it is written. */
export interface DeclaredOutput {
  readonly ref: PointRef;
  readonly bus: Bus;
  readonly source: DeviceSource;
  /** in the device's list of points */
  readonly index: number;
  readonly point: ScalarSnapshot;
  readonly output: OutputSnapshot;
  /** what it reads as */
  readonly state: PointState;
}

/** In the order of the configuration. */
export function declaredOutputs(buses: readonly Bus[]): ReadonlyMap<PointRef, DeclaredOutput> {
  const found = new Map<PointRef, DeclaredOutput>();
  for (const bus of buses) {
    for (const source of bus.sources) {
      source.snapshot.points.forEach((point, index) => {
        if (point.type === "record" || point.output === undefined) return;
        const ref = `${source.name}/${point.name}`;
        const state = source.points[index] as PointState;
        found.set(ref, { ref, bus, source, index, point, output: point.output, state });
      });
    }
  }
  return found;
}

/** Whether a value switches something on: a pump, a motor, a setpoint above nothing. */
export function isOn(value: number | boolean | string): boolean {
  return typeof value === "boolean" ? value : Number(value) !== 0;
}

import { derivedDevice } from "../expression/derived-types.ts";
import type { Loose } from "../loose.ts";
import { defaultOf } from "../schema.ts";
import type { GatewayFile } from "../schema.ts";
import { DerivedPoint } from "../schema/derived.ts";
import { Device } from "../schema/device.ts";
import type { PointRef } from "../snapshot/expression.ts";

/** What a point says of itself that an alarm about it must fit. */
export interface PointLimits {
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** how often there is another value */
  readonly everyMs: number;
}

/** By `device/point`. */
export function pointLimits(file: Loose<GatewayFile>): ReadonlyMap<PointRef, PointLimits> {
  const limits = new Map<PointRef, PointLimits>();
  for (const bus of file.buses ?? [])
    for (const device of bus?.devices ?? [])
      for (const point of device?.points ?? []) {
        const everyMs = point?.pollMs ?? device?.pollMs ?? defaultOf(Device.properties.pollMs);
        limits.set(`${device?.name}/${point?.name}`, { low: point?.low, high: point?.high, everyMs });
      }
  for (const point of file.derived?.points ?? []) {
    const everyMs = point?.everyMs ?? defaultOf(DerivedPoint.properties.everyMs);
    limits.set(`${derivedDevice(file)}/${point?.name}`, { low: point?.low, high: point?.high, everyMs });
  }
  return limits;
}

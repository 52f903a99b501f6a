import type { Path } from "./findings.ts";
import type { Loose } from "./loose.ts";
import type { GatewayFile } from "./schema.ts";
import type { Bus } from "./schema/bus.ts";
import type { Device } from "./schema/device.ts";
import type { Output } from "./schema/output.ts";
import type { Point } from "./schema/point.ts";
import type { PointRef } from "./snapshot/expression.ts";

/** One output as the file declares it. */
export interface FileOutput {
  readonly ref: PointRef;
  readonly bus: Loose<Bus>;
  readonly device: Loose<Device>;
  readonly point: Loose<Point>;
  readonly output: Loose<Output>;
  /** of the output itself */
  readonly path: Path;
}

/** Every output of a file that has a name. */
export function* outputsOf(file: Loose<GatewayFile>): Generator<FileOutput> {
  for (const [b, bus] of (file.buses ?? []).entries())
    for (const [d, device] of (bus?.devices ?? []).entries())
      for (const [p, point] of (device?.points ?? []).entries()) {
        const output = point?.output;
        if (bus === undefined || device?.name === undefined || point?.name === undefined || output === undefined)
          continue;
        const path = ["buses", b, "devices", d, "points", p, "output"];
        yield { ref: `${device.name}/${point.name}`, bus, device, point, output, path };
      }
}

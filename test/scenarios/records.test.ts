import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../simulator/clock.ts";
import { virtualTime } from "../agent/uplink/world.ts";
import { scenario } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

test("a nameplate and a pump curve come whole from the drive's registers to the host and to `status`", async () => {
  await using world = await scenario(clock);
  await world.pass(30_000);
  expect(world.host.breaches).toEqual([]);
  for (const [i, pump] of ["pump-1", "pump-2"].entries()) {
    expect(world.host.current.get(`${pump}/nameplate`)).toMatchObject({
      kind: "template",
      ref: "pump-nameplate",
      metrics: [
        { name: "maker", value: "Holdfast Pumps" },
        { name: "serial", value: BigInt(4_207_001 + i) },
        { name: "rated-power", value: 15 },
        { name: "rated-speed", value: 1_450 },
      ],
    });
    expect(world.host.current.get(`${pump}/pump-curve`)).toMatchObject({
      kind: "data-set",
      columns: ["flow", "head"],
      rows: [[0, 24], [72, expect.closeTo(23.04, 3)], [144, expect.closeTo(20.16, 3)], {}, [288, expect.closeTo(8.64, 3)]],
    });
  }
  const definitions = world.host.heard
    .findLast(({ verb }) => verb === "NBIRTH")
    ?.payload.metrics.filter(({ value }) => typeof value === "object" && value !== null && "kind" in value);
  expect(definitions?.map(({ name }) => name)).toEqual(["pump-nameplate"]);
  const status = await world.status(true);
  const points = status.field?.buses.flatMap(({ devices }) => devices.flatMap((device) => device.points)) ?? [];
  expect(points.find(({ name }) => name === "nameplate")).toMatchObject({
    type: "record",
    quality: "good",
    members: [{ name: "maker" }, { name: "serial" }, { name: "rated-power", unit: "kW" }, { name: "rated-speed", unit: "rpm" }],
    value: ["Holdfast Pumps", 4_207_001, 15, 1_450],
  });
}); // prettier-ignore

import { Check } from "typebox/schema";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { GatewayFile } from "../../../agent/config/schema.ts";
import type { Point } from "../../../agent/config/schema/point.ts";
import type { PointType } from "../../../agent/contract/point.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import type { Table } from "../../../simulator/modbus/index.ts";
import { pumpingStation, pumpingStationConfig } from "../../../simulator/plant/index.ts";

const TEXT = pumpingStationConfig({
  site: "harbour",
  device: "gw-1",
  rtuPath: "/dev/serial/by-id/usb-demo",
  tcpHost: "127.0.0.1",
  tcpPorts: { flow: 1502, panel: 1503 },
  broker: { url: "mqtts://localhost:8883", anchors: "ca.pem", certificate: "gw.pem", key: "gw-key.pem" },
});
const WIDTHS: Partial<Record<PointType, number>> = { int32: 2, uint32: 2, float32: 2, int64: 4, uint64: 4, float64: 4 };

/** Registers of a point, or of all members and rows of a record. */
function registersOf({ type = "uint16", length, members = [], rows = 1 }: Point): number {
  if (type !== "record") return length ?? WIDTHS[type] ?? 1;
  const row = Math.max(...members.map((member) => member.at + (member.length ?? WIDTHS[member.type ?? "uint16"] ?? 1)));
  return rows * row;
}

test("the configuration is one the gateway accepts", () => {
  expect(Check(GatewayFile, parse(TEXT))).toBe(true);
});

test("every point is one the devices have, and every output one they let a master write", () => {
  const station = pumpingStation({ clock: virtualClock(), entropy: seededEntropy(1) });
  const file = parse(TEXT) as GatewayFile;
  const seen = new Set<string>();
  for (const device of file.buses.flatMap(({ devices = [] }) => devices)) {
    const simulated = Object.entries(station.devices).find(([name]) => name === device.name)?.[1];
    if (simulated === undefined) return expect.unreachable(`${device.name} is not in the plant`);
    expect(simulated.unit).toBe(device.unit);
    seen.add(device.name);
    const tables: Record<(typeof device.points)[number]["table"], Table> = {
      coil: simulated.coils,
      "discrete-input": simulated.discreteInputs,
      "input-register": simulated.inputRegisters,
      "holding-register": simulated.holdingRegisters,
    };
    for (const point of device.points) {
      const count = registersOf(point);
      const values = tables[point.table].read(point.address, count);
      if (point.output !== undefined) tables[point.table].write(point.address, values);
    }
  }
  expect([...seen].toSorted()).toEqual(Object.keys(station.devices).toSorted());
});

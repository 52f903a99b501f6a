import { expect, test } from "vitest";
import { edited, onlyFinding, refusals } from "../gateway-file.ts";

const registers = (count: number, keys: object = {}): object[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `p${index}`,
    table: "holding-register",
    address: index,
    ...keys,
  }));

/** One device at 9 600 baud, 8E1: 11 bits a character, T3.5 of 4.01 ms. */
function slowLine(points: readonly object[], device: object = {}): string {
  const devices = [{ name: "d", unit: 1, requests: { onePerPoint: true }, points, ...device }];
  return edited({ "buses.0.rtu.baudRate": 9_600, "buses.0.devices": devices });
}

test("polling is refused exactly where the wire time of a second is more than a second", () => {
  // One register: 8 + 7 characters of 1.1458 ms and two silences of 4.0104 ms are 25.21 ms; 39 of them fit in a second.
  expect(refusals(slowLine(registers(39)))).toEqual([]);
  expect(onlyFinding(slowLine(registers(40)))).toMatchObject({
    code: "CONFIG_POLL_IMPOSSIBLE",
    message: expect.stringMatching(/101 % of the time there is at 9600 baud/u),
    hint: expect.stringMatching(/multiply pollMs by 1\.3/u),
  });
});

test("reading neighbours together, slower polling, a faster line or a shared register makes it possible", () => {
  expect(refusals(slowLine(registers(100), { requests: {} }))).toEqual([]);
  expect(refusals(slowLine(registers(100), { pollMs: 3_000 }))).toEqual([]);
  expect(refusals(edited({ "buses.0.rtu.baudRate": 115_200, "buses.0.devices.0.points": registers(100) }))).toEqual([]);
  const bits = registers(100).map((point, bit) => ({ ...point, type: "bool", address: 7, bit: bit % 16 }));
  expect(refusals(slowLine(bits))).toEqual([]);
});

test("the gap that a device needs counts as time, over TCP too", () => {
  expect(refusals(slowLine(registers(30), { requestGapMs: 20 }))).toEqual(["CONFIG_POLL_IMPOSSIBLE buses[0].devices"]);
  const tcp = edited({
    "buses.1.devices.0.points": registers(30),
    "buses.1.devices.0.requestGapMs": 50,
    "buses.1.devices.0.requests": { onePerPoint: true },
  });
  expect(refusals(tcp)).toEqual(["CONFIG_POLL_IMPOSSIBLE buses[1].devices"]);
});

test("a value longer than the longest request of its device is refused", () => {
  const points = registers(1, { type: "string", length: 20 });
  expect(refusals(slowLine(points, { requests: { registersMax: 10 } }))).toEqual([
    "CONFIG_MERGE_LIMIT buses[0].devices[0].points[0]",
  ]);
});

test("a device whose birth cannot fit in one packet is refused", () => {
  const points = registers(4_000, { pollMs: 60_000 });
  const text = edited({ "buses.1.devices.0.points": points, "uplink.broker.packetBytesMax": 65_536 });
  expect(onlyFinding(text)).toMatchObject({ code: "CONFIG_BIRTH_SIZE", path: "buses[1].devices[0].points" });
});

test("bus budgets are judged on every bus that is right in itself, beside other findings", () => {
  const text = edited({
    "buses.0.rtu.baudRate": 9_600,
    "buses.0.devices.0.points": registers(60),
    "buses.0.devices.0.requests": { onePerPoint: true },
    "buses.1.tcp.port": 0,
  });
  expect(refusals(text)).toEqual(["CONFIG_POLL_IMPOSSIBLE buses[0].devices", "CONFIG_RANGE buses[1].tcp.port"]);
});

import { expect, test } from "vitest";
import { checkFieldSnapshot } from "../../../../agent/field/configuration/check.ts";
import type { DeviceSnapshot } from "../../../../agent/config/snapshot.ts";
import { ascii, bus, device, field, point, requests, rtu, tcpBus } from "../snapshots.ts";

const accepts = (over: Partial<DeviceSnapshot>): unknown =>
  checkFieldSnapshot(field([bus("line", [device("d", 1, over)])]));
const clearing = (name: string, over = {}) => point(name, { address: 4, clearOnRead: true, ...over });

test("what is read right is taken at the door of field", () => {
  const blocks = [{ table: "coil", address: 0, count: 8 }] as const;
  expect(accepts({ requests: requests({ blocks }), busy: { retries: 1, retryMs: 0 } })).toBeDefined();
  const bits = [0, 1].map((bit) => clearing(`b${bit}`, { type: "bool", bit }));
  expect(accepts({ points: bits })).toBeDefined();
});

test.each<[string, Partial<DeviceSnapshot>]>([
  ["an unknown word", { requests: { ...requests(), optimise: "aggressive" as "none" } }],
  ["too long a request", { requests: requests({ registersMax: 126 }) }],
  [
    "a value longer than a request",
    { requests: requests({ registersMax: 1 }), points: [point("w", { type: "float32", count: 2 })] },
  ],
  [
    "a coil out of reach",
    { requests: requests({ coilsFromZero: true, bitsMax: 9 }), points: [point("c", { table: "coil", address: 9 })] },
  ],
  ["a block that leaves its table", { requests: requests({ blocks: [{ table: "coil", address: 65_535, count: 2 }] }) }],
  ["retries without end", { busy: { retries: 1_000, retryMs: 0 } }],
  ["a second request into what reading clears", { points: [clearing("a"), point("b", { address: 4 })] }],
  ["another period of what reading clears", { points: [clearing("a"), clearing("b", { pollMs: 5_000 })] }],
  ["an output that reading clears", { points: [clearing("a", { output: { write: "single" } })] }],
  [
    "half a register as an output",
    { points: [point("a", { type: "uint8", byte: "low", output: { write: "single" } })] },
  ],
  ["no byte chosen", { points: [point("a", { type: "int8" })] }],
])("%s is refused there, whoever compiled it", (_, over) => {
  expect(() => accepts(over)).toThrow(/^field/u);
});

test("seven bits are for ASCII, and everybody is no unit of a line behind a socket", () => {
  const devices = [device("d", 1)];
  expect(() => checkFieldSnapshot(field([bus("line", devices, { transport: rtu({ dataBits: 7 }) })]))).toThrow(
    /dataBits/u,
  );
  expect(checkFieldSnapshot(field([bus("line", devices, { transport: ascii() })]))).toBeDefined();
  const behind = field([tcpBus("socket", "10.0.0.5", [device("d", 0)], "rtu")]);
  expect(() => checkFieldSnapshot(behind)).toThrow(/unit/u);
  expect(checkFieldSnapshot(field([tcpBus("socket", "10.0.0.5", [device("d", 0)])]))).toBeDefined();
});

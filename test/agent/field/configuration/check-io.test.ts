import { expect, test } from "vitest";
import { checkFieldSnapshot } from "../../../../agent/field/configuration/check.ts";
import { input, io } from "../io/housing-world.ts";
import { bus, device, field } from "../snapshots.ts";

const PUMP = bus("line", [device("pump", 1)]);
const snapshot = (over: object): object => ({ ...field([PUMP]), ...over });
const DOOR = input("door", "gpio:1");

test("a housing as the command line compiles it is taken", () => {
  const relay = { line: "gpio:2", failSafe: true, priority: "high", untilAcknowledged: false } as const;
  const leds = [{ line: "led:act", shows: "alarm" }] as const;
  expect(() => checkFieldSnapshot(snapshot({ io: io({ inputs: [DOOR], relay, leds }) }))).not.toThrow();
});

test.each([
  ["no name", { inputs: [{ ...DOOR, name: "" }] }, "CONFIG_SNAPSHOT_MALFORMED"],
  ["another role", { inputs: [{ ...DOOR, role: "siren" }] }, "CONFIG_SNAPSHOT_MALFORMED"],
  ["no driver", { inputs: [{ ...DOOR, line: "17" }] }, "CONFIG_SNAPSHOT_MALFORMED"],
  ["a debounce of hours", { inputs: [{ ...DOOR, debounceMs: 10_000_000 }] }, "CONFIG_SNAPSHOT_MALFORMED"],
  ["one name twice", { inputs: [DOOR, { ...DOOR, line: "gpio:2" }] }, "CONFIG_NAME_DUPLICATE"],
  ["one line twice", { inputs: [DOOR], leds: [{ line: "gpio:1", shows: "alarm" }] }, "CONFIG_LINE_DUPLICATE"],
  ["the name of a device", { device: "pump" }, "CONFIG_NAME_DUPLICATE"],
  [
    "nine lamps",
    { leds: Array.from({ length: 9 }, (_, i) => ({ line: `led:${i}`, shows: "alarm" })) },
    "CONFIG_SNAPSHOT_MALFORMED",
  ],
])("a housing with %s is refused", (_, over, code) => {
  const offered = snapshot({ io: { ...io(), ...over } });
  expect(() => checkFieldSnapshot(offered)).toThrow(expect.objectContaining({ code }) as Error);
});

test("shown points are different names of points, and not too many", () => {
  expect(() => checkFieldSnapshot(snapshot({ shown: ["pump/level", "gone/away"] }))).not.toThrow();
  for (const shown of [
    ["pump"],
    ["pump/level", "pump/level"],
    "pump/level",
    [7],
    Array.from({ length: 10_001 }, (_, i) => `a/p${i}`),
  ]) {
    expect(() => checkFieldSnapshot(snapshot({ shown }))).toThrow(
      expect.objectContaining({ code: "CONFIG_SNAPSHOT_MALFORMED" }) as Error,
    );
  }
});

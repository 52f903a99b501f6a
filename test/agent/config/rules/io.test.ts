import { expect, test } from "vitest";
import { edited, onlyFinding, refusals, snapshotOf } from "../gateway-file.ts";

const io = (part: object) => edited({ io: part });
const DOOR = { name: "door", line: "gpio:17" };

test("every default of a housing is written out", () => {
  const { field } = snapshotOf(
    io({ inputs: [DOOR], relay: { line: "led:relay" }, leds: [{ line: "led:act", shows: "alarm" }] }),
  );
  expect(field.io).toEqual({
    device: "io",
    inputs: [{ name: "door", role: "input", line: "gpio:17", invert: false, debounceMs: 50 }],
    relay: { line: "led:relay", failSafe: true, priority: "high", untilAcknowledged: false },
    leds: [{ line: "led:act", shows: "alarm" }],
  });
});

test("a file without a housing has none in its snapshot", () => {
  expect(snapshotOf(edited({})).field).not.toHaveProperty("io");
});

test.each(["gpio:0", "gpio:529", "key:event0/116", "key:by-path/platform-button-event/148", "carrier:eth1"])(
  "%s can be an input",
  (line) => expect(refusals(io({ inputs: [{ ...DOOR, line }] }))).toEqual([]),
);

test.each(["17", "gpio:", "gpio:-1", "gpio:1 ", "led:act", "key:event0", "carrier:../eth0", "smoke:1", "carrier:.."])(
  "%s cannot be an input",
  (line) => expect(refusals(io({ inputs: [{ ...DOOR, line }] }))).toEqual(["CONFIG_IO_LINE io.inputs[0].line"]),
);

test("what cannot be an output is told with what can", () => {
  expect(onlyFinding(io({ relay: { line: "carrier:eth1" } }))).toMatchObject({
    code: "CONFIG_IO_LINE",
    path: "io.relay.line",
    hint: expect.stringContaining("gpio:17, led:act"),
  });
  expect(onlyFinding(io({ inputs: [{ ...DOOR, line: "17" }] })).hint).toContain('"gpio:17"');
});

test("a line belongs to one thing", () => {
  const inputs = [DOOR, { name: "lid", line: "gpio:17" }];
  expect(refusals(io({ inputs, relay: { line: "gpio:4" }, leds: [{ line: "gpio:4", shows: "running" }] }))).toEqual([
    "CONFIG_IO_LINE io.inputs[1].line",
    "CONFIG_IO_LINE io.leds[0].line",
  ]);
});

test("inputs have names of their own, whatever their case", () => {
  const inputs = [DOOR, { name: "Door", line: "gpio:18" }];
  expect(refusals(io({ inputs }))).toEqual(["CONFIG_NAME_DUPLICATE io.inputs[1].name"]);
});

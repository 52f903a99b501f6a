import { expect, test } from "vitest";
import { edited, onlyFinding, refusals, snapshotOf } from "../gateway-file.ts";

test("a line that is only listened to needs no devices, and says so in its snapshot", () => {
  const { buses } = snapshotOf(edited({ "buses.0.listenOnly": true, "buses.0.devices": undefined })).field;
  expect(buses[0]).toMatchObject({ name: "line-1", listenOnly: true, devices: [] });
  expect(buses[1]).not.toHaveProperty("listenOnly");
  expect(snapshotOf(edited({ "buses.0.listenOnly": false }))).toEqual(snapshotOf(edited({})));
});

test("everywhere else devices are wanted", () => {
  expect(onlyFinding(edited({ "buses.0.devices": undefined }))).toMatchObject({
    code: "CONFIG_KEY_MISSING",
    path: "buses[0]",
    hint: expect.stringContaining("listenOnly: true"),
  });
  expect(refusals(edited({ "buses.0.devices": [] }))).toEqual(["CONFIG_LENGTH buses[0].devices"]);
});

test("a socket cannot be listened to, and what only concerns sending means nothing", () => {
  expect(refusals(edited({ "buses.1.listenOnly": true }))).toEqual(["CONFIG_LISTEN_ONLY buses[1].listenOnly"]);
  expect(refusals(edited({ "buses.0.listenOnly": true, "buses.0.broadcast": true }))).toEqual([
    "CONFIG_KEY_MEANINGLESS buses[0].broadcast",
  ]);
});

test("an output has no place on a line that is only listened to", () => {
  const output = { name: "run", table: "coil", address: 0, output: {} };
  expect(refusals(edited({ "buses.0.listenOnly": true, "buses.0.devices.0.points": [output] }))).toEqual([
    "CONFIG_OUTPUT_LISTEN_ONLY buses[0].devices[0].points[0].output",
  ]);
});

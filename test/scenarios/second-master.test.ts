import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../simulator/clock.ts";
import { rtuMaster, shortPdu } from "../../simulator/modbus/index.ts";
import { STATION_LINE } from "../../simulator/plant/index.ts";
import { virtualTime } from "../agent/uplink/world.ts";
import { LINE_PATH, scenario } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

test("whoever asks is told of a second master that writes: which unit, which function, since when", async () => {
  await using world = await scenario(clock);
  await world.pass(30_000);
  using master = rtuMaster({ clock, wire: world.serial.wire(LINE_PATH, STATION_LINE), line: STATION_LINE });
  master.poll({ unit: 2, pdu: shortPdu(6, 1, 2_500) }, 1_130);
  await world.pass(20_000);
  const reply = await world.ask({ kind: "inventory-query", bus: "" });
  const inventory = reply.kind === "inventory" ? reply.inventory : null;
  expect(inventory?.findings.map(({ alarm }) => alarm).toSorted()).toEqual(["second-master", "unplanned-write"]);
  const status = await world.status();
  const shown = status.field?.alarms?.shown.filter(({ active }) => active) ?? [];
  expect(shown.map(({ name, state, evidence }) => [name, state, evidence])).toEqual(
    expect.arrayContaining([
      [
        expect.stringContaining("unplanned-write"),
        "raised",
        expect.stringMatching(
          /unit 2, function 6 \(write single register\), holding register 1; since 2026-01-01 00:00:3\d UTC/u,
        ),
      ],
    ]),
  );
  expect(world.failures).toEqual([]);
});

import { expect, test } from "vitest";
import type { FieldFacts } from "../../../agent/contract/health.ts";
import { fieldWorld } from "./field-world.ts";
import type { PlayedUplink } from "./field-world.ts";
import { bus, device, field, registers, tcpBus } from "./snapshots.ts";

const HOST = "10.0.0.5";
const two = field([
  bus("line", [device("d1", 1, registers(1)), device("d3", 3, registers(1))]),
  tcpBus("socket", HOST, [device("d2", 2, registers(1))]),
]);

const healths = ({ messages }: PlayedUplink): readonly FieldFacts[] =>
  messages.filter((message) => message.kind === "field-health").map(({ facts }) => facts);

async function running() {
  const world = fieldWorld();
  // unit 3 is configured and not there
  world.line(world.devices([1]));
  await world.socket(HOST, world.devices([2]));
  await world.keeper();
  await world.configure("one", two);
  await world.clock.advance(10_000);
  return world;
}

test("an uplink that connects is told how the field is: buses, devices, queue and what is wrong, by code", async () => {
  await using world = await running();
  const uplink = await world.uplink();
  await world.clock.advance(100);
  const { queue } = await world.status();
  expect(healths(uplink)).toEqual([
    {
      buses: { online: 2, total: 2 },
      devices: { online: 2, total: 3 },
      queue: { values: queue.values, valuesMax: queue.valuesMax, dropped: 0 },
      faults: { DEVICE_NO_REPLY: 1 },
    },
  ]);
});

test("a bus that is lost is one fault, its devices are none of their own, and its return is told", async () => {
  await using world = await running();
  const uplink = await world.uplink();
  world.network.refuse(HOST, 502);
  world.network.cut(HOST, 502);
  await world.clock.advance(10_000);
  expect(healths(uplink).at(-1)).toMatchObject({
    buses: { online: 1, total: 2 },
    faults: { DEVICE_NO_REPLY: 1, HAL_CONNECT_REFUSED: 1 },
  });
  world.network.restore(HOST, 502);
  await world.clock.advance(60_000);
  expect(healths(uplink).at(-1)).toMatchObject({
    buses: { online: 2, total: 2 },
    devices: { online: 2, total: 3 },
    faults: { DEVICE_NO_REPLY: 1 },
  });
});

test("it is told at most once a second, and not at all while nothing is different", async () => {
  await using world = await running();
  const uplink = await world.uplink();
  uplink.credit(1_000_000);
  await world.clock.advance(1_100);
  const before = healths(uplink).length;
  await world.clock.advance(30_000);
  const said = healths(uplink).slice(before);
  expect(said.length).toBeLessThanOrEqual(30);
  const texts = healths(uplink).map((facts) => JSON.stringify(facts));
  expect(texts.every((text, i) => text !== texts[i + 1])).toBe(true);
});

test("a connection that is over is told nothing more, and the next one hears it from the start", async () => {
  await using world = await running();
  const first = await world.uplink();
  await world.clock.advance(100);
  const second = await world.uplink();
  await world.clock.advance(5_000);
  expect(healths(first)).toHaveLength(1);
  expect(healths(second)[0]).toMatchObject({ devices: { online: 2, total: 3 } });
});

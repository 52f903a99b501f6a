import { describe, expect, test } from "vitest";
import { BATCH_VALUES_MAX, scalarsOf } from "../../../../agent/contract/telemetry.ts";
import { Outbox } from "../../../../agent/field/outbox/outbox.ts";
import { DeviceSource } from "../../../../agent/field/points/device-source.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { fieldWorld } from "../field-world.ts";
import { bus, device, field, member, point, record, rtu } from "../snapshots.ts";

const WIDTH = 20;
const wide = (name: string, address: number) =>
  record(
    name,
    Array.from({ length: WIDTH }, (_, i) => member(`m${i}`, i)),
    { table: "input-register", address, pollMs: 100 },
  );

/** A device whose record changes at every poll, beside a plain point. */
async function recording(queueValuesMax: number) {
  const world = fieldWorld();
  const devices = world.devices([1]);
  let value = 0;
  for (const one of devices) {
    for (let i = 0; i < 2 * WIDTH; i++) one.inputRegisters.define(100 + i, { size: 1, read: () => [value++ % 65_536] });
  }
  const transport = rtu({ baudRate: 115_200 });
  world.line(devices, transport);
  await world.keeper();
  const points = [wide("r", 100), point("p", { table: "input-register", address: 120, pollMs: 100 })];
  const snapshot = () => field([bus("line", [device("d", 1, { points })], { transport })], { queueValuesMax });
  expect(await world.configure("one", snapshot())).toEqual({ kind: "configured", digest: "one" });
  return world;
}

describe("records in the outbox", () => {
  test("are told to the uplink with their shape, and travel as one value each", async () => {
    await using world = await recording(10_000);
    const uplink = await world.uplink();
    uplink.credit(100_000);
    await world.clock.advance(1_000);
    expect(uplink.rosters[0]?.sources[0]?.points[0]).toMatchObject({
      name: "r",
      type: "record",
      output: false,
      record: { template: "r", members: { length: WIDTH, 0: { name: "m0", type: "uint16" } } },
    });
    const values = uplink.batches().flatMap(({ points, values: said }) => said.filter((_, i) => points[i] === 0));
    expect(values.length).toBeGreaterThan(5);
    for (const value of values) {
      expect(value).toHaveLength(WIDTH);
      // one register after another was read in one request, so the device's counter has no hole in it
      const first = (value as readonly number[])[0] ?? 0;
      expect(value).toEqual(Array.from({ length: WIDTH }, (_, i) => first + i));
    }
  });

  test("fill the queue with all their values, so that it keeps the memory it was given", async () => {
    await using world = await recording(1_000);
    await world.clock.advance(30_000);
    const { queue } = await world.status();
    expect(queue.values * ((WIDTH + 1) / 2)).toBeLessThanOrEqual(1_000 + WIDTH);
    expect(queue.values * ((WIDTH + 1) / 2)).toBeGreaterThan(100);
    expect(queue.dropped + queue.values).toBe(queue.sampled);
    const uplink = await world.uplink();
    uplink.credit(100_000);
    await world.clock.advance(1_000);
    const gaps = uplink.messages.filter(({ kind }) => kind === "gap");
    const declared = gaps.reduce((sum, gap) => sum + (gap.kind === "gap" ? gap.to - gap.from + 1 : 0), 0);
    expect(declared).toBeGreaterThanOrEqual(queue.dropped);
    expect(declared).toBeLessThanOrEqual((await world.status()).queue.dropped);
  });

  test("take all their values of the credit; one that does not fit waits whole", async () => {
    await using world = await recording(10_000);
    const uplink = await world.uplink();
    uplink.credit(2 * WIDTH + 5);
    await world.clock.advance(3_000);
    const scalars = uplink
      .batches()
      .flatMap(({ values }) => values)
      .reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 1), 0);
    expect(scalars).toBeLessThanOrEqual(2 * WIDTH + 5);
    expect(scalars).toBeGreaterThan(WIDTH);
    uplink.acknowledge({ d: uplink.sequences("d").at(-1) ?? -1 });
    await world.clock.advance(100);
    expect((await world.status()).queue.acknowledged).toBe(uplink.sequences("d").length);
    uplink.credit(100_000);
    await world.clock.advance(1_000);
    expect(uplink.sequences("d")).toEqual(uplink.sequences("d").map((_, i) => i));
  });

  test("end a batch by all their values, so that no message between the rooms grows with their width", () => {
    const clock = virtualClock();
    const outbox = new Outbox(clock);
    outbox.valuesMax = 100_000;
    const source = new DeviceSource("line", device("d", 1, { points: [wide("r", 100)] }), { clock, sink: outbox });
    outbox.relayout([source]);
    const value = Array.from({ length: WIDTH }, () => 1);
    for (let i = 0; i < 1_000; i++) outbox.sampled(source, 0, [...value], 0, 1, "trusted");
    outbox.collect();
    const sent: number[] = [];
    for (let batch = outbox.send(100_000); batch !== undefined; batch = outbox.send(100_000))
      sent.push(scalarsOf(batch));
    expect(sent).toEqual(Array.from({ length: (1_000 * WIDTH) / BATCH_VALUES_MAX }, () => BATCH_VALUES_MAX));
  });

  test("of another shape are another point: what waited for the old one is declared lost", async () => {
    await using world = await recording(10_000);
    await world.clock.advance(2_000);
    const { queue } = await world.status();
    const points = [
      record("r", [member("m0", 0), member("other", 1)], { table: "input-register", address: 100, pollMs: 100 }),
      point("p", { table: "input-register", address: 120, pollMs: 100 }),
    ];
    const transport = rtu({ baudRate: 115_200 });
    await world.configure("two", field([bus("line", [device("d", 1, { points })], { transport })]));
    const uplink = await world.uplink();
    await world.clock.advance(1_000);
    const lost = uplink.messages.filter(
      (message) => message.kind === "gap" && message.reason === "configuration-changed",
    );
    const count = lost.reduce((sum, gap) => sum + (gap.kind === "gap" ? gap.to - gap.from + 1 : 0), 0);
    expect(count).toBe(queue.values / 2);
  });
});

test("what is no record, and a record that reaches too far, is refused at the door of field", async () => {
  await using world = fieldWorld();
  await world.keeper();
  const right = record("r", [member("a", 0), member("b", 1)]);
  let offers = 0;
  const offered = async (over: object): Promise<unknown> => {
    const answer = await world.configure(
      `offer-${++offers}`,
      field([bus("line", [device("d", 1, { points: [{ ...right, ...over }] })])]),
    );
    return answer.refused?.code;
  };
  expect(await offered({})).toBeUndefined();
  expect(await offered({ count: 1 })).toBe("CONFIG_SNAPSHOT_MALFORMED");
  expect(await offered({ rows: { count: 3, stride: 2 } })).toBe("CONFIG_SNAPSHOT_MALFORMED");
  expect(await offered({ rows: { count: 3, stride: 2 }, count: 6 })).toBeUndefined();
  expect(await offered({ members: [] })).toBe("CONFIG_SNAPSHOT_MALFORMED");
  expect(await offered({ members: [member("a", 0), member("a", 1)] })).toBe("CONFIG_NAME_DUPLICATE");
  expect(await offered({ members: [member("a", 0, { scale: 0 }), member("b", 1)] })).toBe("CONFIG_SNAPSHOT_MALFORMED");
  expect(await offered({ table: "coil" })).toBe("CONFIG_SNAPSHOT_MALFORMED");
  expect(await offered({ output: { write: "multiple" } })).toBe("CONFIG_OUTPUT_INVALID");
  expect(await offered({ template: "a/b" })).toBe("CONFIG_SNAPSHOT_MALFORMED");
});

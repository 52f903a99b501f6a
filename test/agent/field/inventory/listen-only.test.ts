import { expect, test } from "vitest";
import { ConfigurationError } from "../../../../agent/field/configuration/refusal.ts";
import { checkFieldSnapshot } from "../../../../agent/field/configuration/check.ts";
import { shortPdu } from "../../../../simulator/modbus/index.ts";
import { bus, device, field, point, rtu, tcpBus } from "../snapshots.ts";
import { inventoryWorld } from "./world.ts";

const LISTENING = bus("line-1", [], { listenOnly: true });

test("a bus that only listens sends nothing, whatever is asked of it, and lists who talks", async () => {
  await using world = inventoryWorld();
  const master = world.shared(world.devices([1, 2], 5));
  const line = world.watched(LISTENING);
  master.poll({ unit: 1, pdu: shortPdu(3, 0, 4) }, 500);
  master.poll({ unit: 2, pdu: shortPdu(4, 1, 2) }, 700);
  master.poll({ unit: 2, pdu: shortPdu(3, 2_000, 1) }, 1_900);
  await world.clock.advance(30_000);
  expect(await world.ask(line, { function: 6, unit: 1, address: 0, value: 1 })).toEqual({ kind: "bus-down" });
  world.serial.vanish(rtu().path);
  await world.clock.advance(5_000);
  world.serial.restore(rtu().path);
  await world.clock.advance(30_000);
  expect(world.serial.trace(rtu().path).filter(({ direction }) => direction === "out")).toEqual([]);
  expect(line.status(false)).toMatchObject({ state: "open", counters: { requests: 0, writes: 0 } });
  const seen = world.seen(line);
  expect(seen.listenOnly).toBe(true);
  expect(seen.units.map(({ unit }) => unit)).toEqual([1, 2]);
  expect(seen.units[1]?.exceptions).toEqual({ "3:2": expect.closeTo(30, -1) });
  expect(seen.units[0]?.replyTime?.p50Ms).toBeGreaterThan(20);
  expect(seen.requests.map(({ unit, function: code, address, quantity }) => [unit, code, address, quantity])).toEqual([
    [1, 3, 0, 4],
    [2, 3, 2_000, 1],
    [2, 4, 1, 2],
  ]);
  expect(world.alarms).toEqual([]);
});

test("at a wrong speed only garbage is heard, and that is said until a frame is", async () => {
  await using world = inventoryWorld();
  const master = world.shared(world.devices([1], 5));
  const line = world.watched(bus("line-1", [], { listenOnly: true, transport: rtu({ baudRate: 19_200 }) }));
  const right = world.shared(world.devices([2], 5), { line: rtu({ path: "/dev/ttyS1" }) });
  const other = world.watched(bus("line-2", [], { listenOnly: true, transport: rtu({ path: "/dev/ttyS1" }) }));
  for (const one of [master, right]) one.poll({ unit: 1, pdu: shortPdu(3, 0, 4) }, 500);
  await world.clock.advance(1_000);
  expect(world.seen(line).garbledBytes).toBeUndefined();
  await world.clock.advance(20_000);
  expect(world.seen(line).garbledBytes).toBeGreaterThan(64);
  expect(world.seen(line).units).toEqual([]);
  expect(world.seen(other).garbledBytes).toBeUndefined();
});

test("where devices are named, a unit that is none of them is told", async () => {
  await using world = inventoryWorld();
  const master = world.shared(world.devices([1, 2], 5));
  const line = world.watched({ ...LISTENING, devices: [device("pump-1", 1)] });
  master.poll({ unit: 1, pdu: shortPdu(3, 0, 4) }, 500);
  await world.clock.advance(10_000);
  expect(world.alarms).toEqual([]);
  master.poll({ unit: 2, pdu: shortPdu(3, 0, 4) }, 700);
  await world.clock.advance(10_000);
  expect(Object.keys(world.standing())).toEqual(["unexpected-unit line-1/unit-2"]);
  expect(world.seen(line).units[0]).toMatchObject({ unit: 1, device: "pump-1", expected: true });
});

test("the door of the room refuses a socket, an output and an empty bus that would speak", () => {
  const output = point("run", { table: "coil", output: { write: "single" } });
  const refused = [
    { ...tcpBus("meter", "meter.test", []), listenOnly: true },
    bus("line-1", [device("pump-1", 1, { points: [output] })], { listenOnly: true }),
    bus("line-1", []),
  ];
  for (const one of refused) expect(() => checkFieldSnapshot(field([one]))).toThrow(ConfigurationError);
  expect(checkFieldSnapshot(field([LISTENING])).buses).toHaveLength(1);
});

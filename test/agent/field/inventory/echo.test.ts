import { expect, test } from "vitest";
import { sleep } from "../../../../hal/clock.ts";
import type { Serial } from "../../../../hal/serial.ts";
import type { ModbusDevice } from "../../../../simulator/modbus/index.ts";
import { bus, device, registers, rtu } from "../snapshots.ts";
import { inventoryWorld } from "./world.ts";

const PLAN = () => bus("line-1", [device("pump-1", 1, registers(4)), device("pump-2", 2)]);

test("a line that gives back our own bytes is said to echo, and not to have a second master", async () => {
  await using world = inventoryWorld();
  world.shared(world.devices([1, 2], 5), { echo: true });
  const line = world.watched(PLAN());
  await world.clock.advance(60_000);
  expect(world.seen(line).echo).toBe(true);
  expect(world.seen(line).requests).toEqual([]);
  expect(world.alarms).toEqual([]);
});

test("on a line that echoes, our own bytes are no answer to a write: a dead device stays silent, a living one obeys", async () => {
  await using world = inventoryWorld();
  const [one, two] = world.devices([1, 2], 5) as [ModbusDevice, ModbusDevice];
  world.shared([one, two], { echo: true });
  const line = world.watched(PLAN());
  await world.clock.advance(10_000);
  expect(await world.ask(line, { function: 6, unit: 2, address: 12, value: 7 })).toEqual({ kind: "done" });
  expect(two.holdingRegisters.read(12, 1)).toEqual([7]);
  two.inject({ kind: "silence" });
  const ended = await world.ask(line, { function: 6, unit: 2, address: 12, value: 8 });
  expect(ended).toMatchObject({ kind: "silence" });
  await world.clock.advance(10_000);
  expect(line.status(false).devices.map(({ online }) => online)).toEqual([true, false]);
  expect(world.alarms).toEqual([]);
});

test("an adapter that makes noise when it begins to send does not make a write's echo its answer", async () => {
  await using world = inventoryWorld();
  const [one] = world.devices([1], 5) as [ModbusDevice];
  world.shared([one], { echo: true });
  const noisy: Serial = {
    open: (line, listener) =>
      world.serial.open(line, listener).then((port) => ({
        write(bytes) {
          listener.bytes(Uint8Array.of(0, 0xff));
          // a USB adapter sends a little later: the line falls silent between
          return sleep(world.clock, 10).then(() => port.write(bytes));
        },
        [Symbol.asyncDispose]: () => port[Symbol.asyncDispose](),
      })),
  };
  const line = world.watched(bus("line-1", [device("pump-1", 1)]), { serial: noisy });
  await world.clock.advance(10_000);
  expect(await world.ask(line, { function: 6, unit: 1, address: 12, value: 7 })).toEqual({ kind: "done" });
  one.inject({ kind: "silence" });
  expect(await world.ask(line, { function: 6, unit: 1, address: 12, value: 8 })).toMatchObject({ kind: "silence" });
});

test("an echo once learnt is known when the line is opened again and after a restart, until a read says otherwise", async () => {
  await using world = inventoryWorld();
  const [one] = world.devices([1], 5) as [ModbusDevice];
  world.shared([one], { echo: true });
  const line = world.watched(bus("line-1", [device("pump-1", 1, registers(1, { pollMs: 60_000 }))]));
  await world.clock.advance(70_000);
  one.inject({ kind: "silence" });
  world.serial.vanish(rtu().path);
  await world.clock.advance(2_000);
  world.serial.restore(rtu().path);
  await world.clock.advance(3_000);
  const write = { function: 6, unit: 1, address: 12, value: 7 } as const;
  expect(await world.ask(line, write)).toMatchObject({ kind: "silence" });
  await line.stop();
  await world.inventory[Symbol.asyncDispose]();

  await using later = inventoryWorld({ disk: world.disk });
  later.shared([]);
  await later.inventory.restore();
  const again = later.watched(bus("line-1", [device("pump-1", 1)]));
  await later.clock.advance(1);
  expect(later.seen(again).echo).toBe(true);

  await using other = inventoryWorld({ disk: world.disk });
  other.shared(other.devices([1], 5));
  await other.inventory.restore();
  const swapped = other.watched(bus("line-1", [device("pump-1", 1)]));
  await other.clock.advance(500);
  expect(other.seen(swapped).echo).toBeUndefined();
  expect(await other.ask(swapped, write)).toEqual({ kind: "done" });
});

import { expect, test } from "vitest";
import { encodeAscii } from "../../../../simulator/modbus/ascii-frame.ts";
import { shortPdu } from "../../../../simulator/modbus/index.ts";
import type { Injection, ModbusDevice } from "../../../../simulator/modbus/index.ts";
import { ascii, bus, device, point, registers } from "../snapshots.ts";
import { inventoryWorld } from "./world.ts";

const HOUR_MS = 3_600_000;
const LINE = ascii();
const PLAN = bus("line-1", [device("pump-1", 1, registers(4)), device("pump-2", 2)], { transport: LINE });
const TROUBLES: readonly Injection[] = [
  { kind: "crc-error", probability: 0.02 },
  { kind: "byte-loss", probability: 0.02 },
  { kind: "half-reply", probability: 0.01 },
  { kind: "lost-reply", probability: 0.01 },
  { kind: "late-reply", ms: 1_700, probability: 0.01 },
  { kind: "exception", code: 2, probability: 0.01 },
  { kind: "long-frame", probability: 0.005 },
  { kind: "babble", everyMs: 7_000, bytesMax: 16 },
];

test.each([false, true])(
  "twenty minutes of trouble on a line that speaks ASCII accuse nobody (echo: %s)",
  async (echo) => {
    await using world = inventoryWorld();
    const devices = world.devices([1, 2], 8);
    world.shared(devices, { line: LINE, echo });
    for (const one of devices) for (const trouble of TROUBLES) one.inject(trouble);
    const line = world.watched(PLAN);
    for (let quarter = 0; quarter < 4; quarter++) {
      await world.clock.advance(HOUR_MS / 12);
      await world.ask(line, { function: 6, unit: 2, address: 1, value: quarter });
    }
    const { counters } = line.status(false);
    expect(counters.crcErrors).toBeGreaterThan(20);
    expect(counters.replies).toBeGreaterThan(1_500);
    const seen = world.seen(line);
    expect(world.alarms).toEqual([]);
    expect(seen.requests).toEqual([]);
    expect(seen.echo).toBe(echo ? true : undefined);
    expect(seen.units.map(({ device: name }) => name)).toEqual(["pump-1", "pump-2"]);
    // the question alone takes 19 ms: it is not the device's time
    expect(seen.units[1]?.replyTime?.p10Ms).toBeLessThan(30);
  },
  60_000,
);

test("on a line that speaks ASCII an echo is no answer to a write", async () => {
  await using world = inventoryWorld();
  const [one] = world.devices([1], 5) as [ModbusDevice];
  world.shared([one], { line: LINE, echo: true });
  const line = world.watched(bus("line-1", [device("pump-1", 1)], { transport: LINE }));
  await world.clock.advance(10_000);
  const write = { function: 6, unit: 1, address: 12, value: 7 } as const;
  expect(await world.ask(line, write)).toEqual({ kind: "done" });
  one.inject({ kind: "silence" });
  expect(await world.ask(line, { ...write, value: 8 })).toMatchObject({ kind: "silence" });
});

test("everything that does not fit the plan is told on a line that speaks ASCII, too", async () => {
  await using world = inventoryWorld();
  const [one, two, nine] = world.devices([1, 2, 9], 5) as [ModbusDevice, ModbusDevice, ModbusDevice];
  const master = world.shared([one, two, nine], { line: LINE });
  const meter = { points: [point("energy", { address: 10, count: 2, type: "uint32" })] } as const;
  const plan = [device("pump-1", 1), device("pump-2", 2), device("meter", 3, meter)];
  const [three] = world.devices([3], 5) as [ModbusDevice];
  world.shared([three], { line: LINE });
  world.watched(bus("line-1", plan, { transport: LINE }));
  await world.clock.advance(10_000);
  expect(world.alarms).toEqual([]);
  master.ask({ unit: 9, pdu: shortPdu(3, 0, 2) });
  await world.clock.advance(5_000);
  master.ask({ unit: 1, pdu: shortPdu(6, 12, 77) });
  three.inject({ kind: "exception", code: 2 });
  two.inject({ kind: "wrong-unit", unit: 1 });
  await world.clock.advance(90_000);
  const standing = world.standing();
  expect(Object.keys(standing).toSorted()).toEqual([
    "changed-register-map line-1/3/3:10+2",
    "second-master line-1",
    "unexpected-unit line-1/unit-9",
    "unplanned-write line-1/unit-1/function-6/12",
    "wrong-device line-1/unit-2",
  ]);
  expect(standing["second-master line-1"]).toContain("unit 9, function 3 (read holding registers)");
});

test("a master that writes small letters is heard on a line that is only listened to", async () => {
  await using world = inventoryWorld();
  const wire = world.serial.wire(LINE.path, LINE);
  const line = world.watched(bus("line-1", [], { transport: LINE, listenOnly: true }));
  await world.clock.advance(1_000);
  const text = Buffer.from(encodeAscii({ unit: 0x1a, pdu: shortPdu(3, 0xab, 2) })).toString("latin1");
  wire.send(Buffer.from(text.toLowerCase(), "latin1"));
  await world.clock.advance(1_000);
  expect(world.seen(line).requests).toMatchObject([{ unit: 26, function: 3, address: 171, quantity: 2 }]);
  expect(world.serial.trace(LINE.path).filter(({ direction }) => direction === "out")).toEqual([]);
});

import ModbusSerial from "modbus-serial";
import { expect, test } from "vitest";
import { linuxClock } from "../../hal/linux/clock.ts";
import { seededEntropy } from "../../simulator/entropy.ts";
import { ModbusDevice, serveAscii } from "../../simulator/modbus/index.ts";
import { openPty } from "../../simulator/pty.ts";
import { startBus } from "./peers/bus.ts";

/** As fast as a pty is paced; ASCII as the standard has it. */
const LINE = { baudRate: 115_200, parity: "even", dataBits: 7, stopBits: 1 } as const;
const UNIT = 17;

/** A simulated device in ASCII on a real pty. */
async function stand(stack: AsyncDisposableStack): Promise<{ readonly path: string; readonly device: ModbusDevice }> {
  const clock = linuxClock();
  const pty = stack.use(await openPty({ clock }));
  const device = new ModbusDevice({ unit: UNIT, clock, entropy: seededEntropy(1) });
  device.holdingRegisters.store(107, [0x022b, 0, 0x0064]);
  device.coils.store(19, [1, 0, 1, 1, 0, 0, 1, 1, 1]);
  stack.use(serveAscii({ clock, wire: pty.wire(LINE), devices: [device] }));
  return { path: pty.path, device };
}

test("somebody else's master in ASCII and ours are understood alike, so that neither shares our own mistake", async () => {
  await using stack = new AsyncDisposableStack();
  const { path, device } = await stand(stack);
  const theirs = new ModbusSerial.default();
  // the line is opened with eight bits: a pty has none, and carries what it is given
  await theirs.connectAsciiSerial(path, { baudRate: LINE.baudRate });
  theirs.setID(UNIT);
  theirs.setTimeout(2_000);
  expect((await theirs.readHoldingRegisters(107, 3)).data).toEqual([0x022b, 0, 0x0064]);
  expect((await theirs.readCoils(19, 9)).data.slice(0, 9)).toEqual([1, 0, 1, 1, 0, 0, 1, 1, 1].map((bit) => bit === 1));
  await theirs.writeRegisters(107, [1, 2, 3]);
  expect(device.holdingRegisters.read(107, 3)).toEqual([1, 2, 3]);
  await new Promise<void>((closed) => theirs.close(() => closed()));

  const points = [{ name: "far", table: "holding-register", address: 107 }] as const;
  const devices = [{ name: "d", unit: UNIT, pollMs: 60_000, points }];
  const ours = stack.use(await startBus({ name: "line", ascii: { path, ...LINE }, devices }));
  expect(await ours.ask({ function: 3, unit: UNIT, address: 107, count: 3 })).toEqual({
    kind: "data",
    bytes: Buffer.of(0, 1, 0, 2, 0, 3),
  });
  expect(await ours.ask({ function: 16, unit: UNIT, address: 107, values: [7, 8] })).toEqual({ kind: "done" });
  expect(device.holdingRegisters.read(107, 3)).toEqual([7, 8, 3]);
  expect(await ours.ask({ function: 22, unit: UNIT, address: 107, andMask: 0xf0, orMask: 1 })).toEqual({
    kind: "done",
  });
});

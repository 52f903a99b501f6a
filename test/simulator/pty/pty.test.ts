import { existsSync, mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { SerialLine } from "../../../hal/serial.ts";
import { linuxClock } from "../../../hal/linux/clock.ts";
import { linuxSerial } from "../../../hal/linux/serial.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { ModbusDevice, serveRtu } from "../../../simulator/modbus/index.ts";
import { decodeRtu, encodeRtu } from "../../../simulator/modbus/rtu-frame.ts";
import { openPty } from "../../../simulator/pty.ts";

// A real pty in real time: that is the point here. Nothing is asserted about how long anything takes at most.
const FORMAT = { baudRate: 19_200, parity: "even", dataBits: 8, stopBits: 1 } as const;
const clock = linuxClock();
const folders: string[] = [];

function linkPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "pty-"));
  folders.push(folder);
  return join(folder, "adapter");
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function listen() {
  const bytes: number[] = [];
  const vanished = Promise.withResolvers<Error>();
  let enough: (() => void) | undefined;
  let wanted = 0;
  return {
    vanished: vanished.promise,
    listener: {
      bytes(chunk: Uint8Array) {
        bytes.push(...chunk);
        if (bytes.length >= wanted) enough?.();
      },
      vanished: (error: Error) => vanished.resolve(error),
    },
    async heard(count: number): Promise<Uint8Array> {
      wanted = count;
      if (bytes.length < count) await new Promise<void>((resolve) => (enough = resolve));
      return Uint8Array.from(bytes.splice(0, count));
    },
  };
}

test("a simulated device answers the product's serial port through a pty, bytes unchanged", async () => {
  await using pty = await openPty({ clock });
  const device = new ModbusDevice({ unit: 1, clock, entropy: seededEntropy(1) });
  // every character that a cooked terminal would swallow or translate
  device.holdingRegisters.store(0, [0x0304, 0x0d0a, 0x1113, 0x1a7f, 0xff1b]);
  using _server = serveRtu({ clock, wire: pty.wire(FORMAT), line: FORMAT, devices: [device] });
  const line: SerialLine = { path: pty.path, ...FORMAT };
  const ear = listen();
  await using port = await linuxSerial().open(line, ear.listener);
  for (let i = 0; i < 3; i++) {
    await port.write(encodeRtu({ unit: 1, pdu: Uint8Array.of(3, 0, 0, 0, 5) }));
    const reply = decodeRtu(await ear.heard(15));
    expect(reply?.pdu).toEqual(Uint8Array.of(3, 10, 3, 4, 13, 10, 0x11, 0x13, 0x1a, 0x7f, 0xff, 0x1b));
  }
});

test("characters come no faster than the baud rate", async () => {
  await using pty = await openPty({ clock });
  const wire = pty.wire(FORMAT);
  const ear = listen();
  await using _port = await linuxSerial().open({ path: pty.path, ...FORMAT }, ear.listener);
  const startMs = clock.monotonicMs();
  wire.send(new Uint8Array(40));
  await ear.heard(40);
  expect(clock.monotonicMs() - startMs).toBeGreaterThanOrEqual((40 * 11_000) / 19_200);
});

test("a pty that vanishes is seen to go, and its path comes back to another one", async () => {
  const path = linkPath();
  await using pty = await openPty({ clock, linkPath: path });
  const wire = pty.wire(FORMAT);
  const ear = listen();
  const first = readlinkSync(path);
  await using port = await linuxSerial().open({ path, ...FORMAT }, ear.listener);
  pty.vanish();
  expect((await ear.vanished) as { code?: string }).toMatchObject({ code: "HAL_PORT_VANISHED" });
  expect(existsSync(path)).toBe(false);
  await expect(linuxSerial().open({ path, ...FORMAT }, ear.listener)).rejects.toMatchObject({
    code: "HAL_PORT_UNKNOWN",
  });
  await port[Symbol.asyncDispose]();
  // another adapter has taken the old number meanwhile
  await using other = await openPty({ clock });
  pty.restore();
  expect([existsSync(path), other.path === readlinkSync(path)]).toEqual([true, false]);
  expect(typeof first).toBe("string");
  const again = listen();
  await using _port = await linuxSerial().open({ path, ...FORMAT }, again.listener);
  wire.send(Uint8Array.of(1, 2, 3));
  expect(await again.heard(3)).toEqual(Uint8Array.of(1, 2, 3));
});

test("a port that is closed and opened again goes on", async () => {
  await using pty = await openPty({ clock });
  let hear: (chunk: Uint8Array) => void = () => {};
  pty.wire(FORMAT).receive((chunk) => hear(chunk));
  for (const byte of [7, 8]) {
    const heard = new Promise<Uint8Array>((resolve) => (hear = resolve));
    await using port = await linuxSerial().open({ path: pty.path, ...FORMAT }, listen().listener);
    await port.write(Uint8Array.of(byte));
    expect(await heard).toEqual(Uint8Array.of(byte));
  }
});

test("disposal leaves no terminal and no link", async () => {
  const path = linkPath();
  const pty = await openPty({ clock, linkPath: path });
  const terminal = readlinkSync(path);
  await pty[Symbol.asyncDispose]();
  expect([existsSync(path)]).toEqual([false]);
  await expect.poll(() => existsSync(terminal)).toBe(false);
});

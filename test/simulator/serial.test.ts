import { expect, test } from "vitest";
import { characterMs } from "../../hal/serial.ts";
import { virtualClock } from "../../simulator/clock.ts";
import { memorySerial } from "../../simulator/serial.ts";

const line = { path: "/dev/ttyTest", baudRate: 9_600, parity: "even", dataBits: 8, stopBits: 1 } as const;
const oneMs = characterMs(line);
const quiet = { bytes() {}, vanished() {} };

test("characters take their time on the line, both ways at once, and the trace has each of them", async () => {
  const clock = virtualClock();
  const serial = memorySerial(clock);
  const wire = serial.wire(line.path, line);
  const atDevice: number[] = [];
  const atGateway: number[] = [];
  wire.receive(() => atDevice.push(clock.monotonicMs()));
  await using port = await serial.open(line, { ...quiet, bytes: () => void atGateway.push(clock.monotonicMs()) });
  let writtenMs = 0;
  void port.write(Uint8Array.of(1, 2, 3)).then(() => (writtenMs = clock.monotonicMs()));
  wire.send(Uint8Array.of(9, 8));
  await clock.advance(100);
  const near = (count: number): number => expect.closeTo(count * oneMs, 9) as number;
  expect(atDevice).toEqual([near(1), near(2), near(3)]);
  expect(atGateway).toEqual([near(1), near(2)]);
  expect(writtenMs).toEqual(near(3));
  expect(serial.trace(line.path)).toEqual([
    { direction: "out", byte: 1, startMs: near(0), endMs: near(1) },
    { direction: "in", byte: 9, startMs: near(0), endMs: near(1) },
    { direction: "out", byte: 2, startMs: near(1), endMs: near(2) },
    { direction: "in", byte: 8, startMs: near(1), endMs: near(2) },
    { direction: "out", byte: 3, startMs: near(2), endMs: near(3) },
  ]);
});

test("several devices on a line all hear the gateway", async () => {
  const clock = virtualClock();
  const serial = memorySerial(clock);
  const heard = { 0: 0, 1: 0 };
  for (const device of [0, 1] as const) serial.wire(line.path, line).receive(() => void heard[device]++);
  await using port = await serial.open(line, quiet);
  void port.write(Uint8Array.of(1, 2, 3));
  await clock.advance(10);
  expect(heard).toEqual({ 0: 3, 1: 3 });
});

test("a write that is under way when the port goes away fails, and the rest never leaves", async () => {
  const clock = virtualClock();
  const serial = memorySerial(clock);
  serial.wire(line.path, line);
  await using port = await serial.open(line, quiet);
  const writing = port.write(new Uint8Array(10));
  writing.catch(() => {});
  await clock.advance(3.5 * oneMs);
  serial.vanish(line.path);
  await expect(writing).rejects.toMatchObject({ code: "HAL_PORT_VANISHED" });
  await clock.advance(100);
  expect(serial.trace(line.path)).toHaveLength(3);
});

test("a write that is under way at disposal fails, and a character that was half through is not heard", async () => {
  const clock = virtualClock();
  const serial = memorySerial(clock);
  const wire = serial.wire(line.path, line);
  const port = await serial.open(line, quiet);
  const writing = port.write(new Uint8Array(10));
  writing.catch(() => {});
  wire.send(Uint8Array.of(1, 2));
  await clock.advance(oneMs / 2);
  await port[Symbol.asyncDispose]();
  await expect(writing).rejects.toMatchObject({ code: "HAL_PORT_CLOSED" });
  const heard: number[] = [];
  await using _again = await serial.open(line, { ...quiet, bytes: ([byte]) => void heard.push(byte ?? -1) });
  await clock.advance(100);
  expect(heard).toEqual([2]);
});

test("another baud rate or parity than the line's gives other characters", async () => {
  const clock = virtualClock();
  const serial = memorySerial(clock);
  const heard: number[] = [];
  serial.wire(line.path, line).receive(([byte]) => void heard.push(byte ?? -1));
  for (const wrong of [{ baudRate: 19_200 }, { parity: "odd" as const }]) {
    await using port = await serial.open({ ...line, ...wrong }, quiet);
    void port.write(Uint8Array.of(0x42));
    await clock.advance(10);
  }
  expect(heard).toHaveLength(2);
  expect(heard).not.toContain(0x42);
});

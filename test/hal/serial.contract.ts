import assert from "node:assert/strict";
import type { Serial, SerialLine, SerialListener, SerialPort } from "../../hal/serial.ts";
import type { ContractCase } from "./contract.ts";

export interface SerialUnderTest {
  readonly serial: Serial;
  readonly line: SerialLine;
  /** the device end of the line */
  readonly wire: { receive(listener: (chunk: Uint8Array) => void): void; send(bytes: Uint8Array): void };
  /** Pulls the adapter out. */
  vanish(): void;
  restore(): void;
  /** Resolves once `condition` holds: virtual time is advanced, real time passes. */
  until(condition: () => boolean): Promise<void>;
  /** Lets 50 ms pass, in which whatever is on its way arrives. */
  pass(): Promise<void>;
}

/** What a listener heard, and what the device heard. */
interface Given extends SerialUnderTest {
  readonly heard: Uint8Array[];
  readonly atDevice: number[];
  readonly gone: (Error & { code?: string })[];
  readonly listener: SerialListener;
  /** Waits for a promise that may need time to pass; its rejection is its own. */
  settle<T>(promise: Promise<T>): Promise<T>;
}

export function serialContract(
  use: (work: (under: SerialUnderTest) => Promise<void>) => Promise<void>,
): ContractCase[] {
  const contractCase = (name: string, work: (given: Given) => Promise<void>): ContractCase => ({
    name,
    run: () => use((under) => work(listen(under))),
  });
  const frame = Uint8Array.of(0x11, 0x03, 0x00, 0x6b, 0x00, 0x03, 0x76, 0x87);
  const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

  return [
    contractCase("every byte value passes unchanged, both ways", async (given) => {
      await using port = await given.serial.open(given.line, given.listener);
      await given.settle(port.write(everyByte));
      await given.until(() => given.atDevice.length === 256);
      assert.deepEqual(given.atDevice, [...everyByte]);
      given.wire.send(everyByte);
      await given.until(() => heardBytes(given).length === 256);
      assert.deepEqual(heardBytes(given), [...everyByte]);
    }),
    contractCase(
      "writes come out in the order they were made",
      async ({ serial, line, listener, settle, atDevice, until }) => {
        await using port = await serial.open(line, listener);
        const writes = [port.write(Uint8Array.of(1, 2)), port.write(Uint8Array.of(3)), port.write(Uint8Array.of(4, 5))];
        await settle(Promise.all(writes));
        await until(() => atDevice.length === 5);
        assert.deepEqual(atDevice, [1, 2, 3, 4, 5]);
      },
    ),
    contractCase("a chunk is the listener's to keep", async (given) => {
      await using _port = await given.serial.open(given.line, given.listener);
      given.wire.send(Uint8Array.of(1));
      await given.until(() => given.heard.length === 1);
      given.wire.send(Uint8Array.of(2));
      await given.until(() => given.heard.length === 2);
      assert.deepEqual([...(given.heard[0] ?? [])], [1]);
    }),
    contractCase("input that waited before the port was opened is thrown away", async (given) => {
      const first = await given.serial.open(given.line, given.listener);
      await first[Symbol.asyncDispose]();
      given.wire.send(frame);
      await given.pass();
      await using _port = await given.serial.open(given.line, given.listener);
      await given.pass();
      assert.deepEqual(given.heard, []);
      given.wire.send(Uint8Array.of(7));
      await given.until(() => given.heard.length > 0);
      assert.deepEqual(heardBytes(given), [7]);
    }),
    contractCase("a device path that does not exist is unknown", async ({ serial, line, listener }) => {
      const nowhere = { ...line, path: "/dev/serial/by-id/usb-nothing-port0" };
      await assert.rejects(serial.open(nowhere, listener), { code: "HAL_PORT_UNKNOWN" });
    }),
    contractCase("a line has one owner, until it lets go", async ({ serial, line, listener }) => {
      const first = await serial.open(line, listener);
      await assert.rejects(serial.open(line, listener), { code: "HAL_PORT_REFUSED" });
      await assert.rejects(serial.open(line, listener), { code: "HAL_PORT_REFUSED" });
      await first[Symbol.asyncDispose]();
      const second = await serial.open(line, listener);
      await second[Symbol.asyncDispose]();
    }),
    contractCase("after disposal nothing is written and nothing heard", async (given) => {
      const port = await given.serial.open(given.line, given.listener);
      await port[Symbol.asyncDispose]();
      await port[Symbol.asyncDispose]();
      await assert.rejects(port.write(frame), { code: "HAL_PORT_CLOSED" });
      given.wire.send(frame);
      given.vanish();
      await given.pass();
      assert.deepEqual([given.heard, given.atDevice, given.gone], [[], [], []]);
    }),
    contractCase("a listener may dispose the port it listens to", async (given) => {
      let disposed: Promise<void> | undefined;
      let calls = 0;
      const hangUp: SerialListener = {
        bytes() {
          calls++;
          disposed = Promise.resolve(port[Symbol.asyncDispose]());
        },
        vanished: given.listener.vanished,
      };
      const port: SerialPort = await given.serial.open(given.line, hangUp);
      given.wire.send(frame);
      await given.until(() => disposed !== undefined);
      await disposed;
      await given.pass();
      assert.equal(calls, 1);
      assert.deepEqual(given.gone, []);
    }),
    contractCase("a port that goes away says so once, and what is written to it fails", async (given) => {
      const port = await given.serial.open(given.line, given.listener);
      given.vanish();
      await given.until(() => given.gone.length > 0);
      await assert.rejects(port.write(frame), { code: "HAL_PORT_VANISHED" });
      await given.pass();
      assert.deepEqual(
        given.gone.map((error) => error.code),
        ["HAL_PORT_VANISHED"],
      );
      await port[Symbol.asyncDispose]();
    }),
    contractCase("a port that comes back can be opened again and works", async (given) => {
      for (let round = 0; round < 3; round++) {
        const port = await given.serial.open(given.line, given.listener);
        given.vanish();
        await given.until(() => given.gone.length === round + 1);
        await port[Symbol.asyncDispose]();
        await assert.rejects(given.serial.open(given.line, given.listener), { code: "HAL_PORT_UNKNOWN" });
        given.restore();
      }
      await using port = await given.serial.open(given.line, given.listener);
      await given.settle(port.write(frame));
      await given.until(() => given.atDevice.length === frame.length);
      given.wire.send(frame);
      await given.until(() => heardBytes(given).length === frame.length);
    }),
  ];
}

function heardBytes({ heard }: Given): number[] {
  return heard.flatMap((chunk) => [...chunk]);
}

function listen(under: SerialUnderTest): Given {
  const heard: Uint8Array[] = [];
  const atDevice: number[] = [];
  const gone: Error[] = [];
  under.wire.receive((chunk) => void atDevice.push(...chunk));
  const listener: SerialListener = {
    bytes: (chunk) => void heard.push(chunk),
    vanished: (error) => void gone.push(error),
  };
  return {
    ...under,
    heard,
    atDevice,
    gone,
    listener,
    async settle(promise) {
      let settled = false;
      const mark = (): void => void (settled = true);
      promise.then(mark, mark);
      await under.until(() => settled);
      return promise;
    },
  };
}

import { expect, test } from "vitest";
import type { Clock } from "../../hal/clock.ts";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { seededEntropy } from "../../simulator/entropy.ts";
import { ModbusDevice, serveRtu, serveTcp } from "../../simulator/modbus/index.ts";
import { openPty } from "../../simulator/pty.ts";
import { mbpoll } from "./peers/mbpoll.ts";
import type { MbpollAnswer } from "./peers/mbpoll.ts";
import { requires } from "./requires.ts";

const UNIT = 5;
const LINE = { baudRate: 38_400, parity: "even", dataBits: 8, stopBits: 1 } as const;
/** mbpoll's names of the four tables */
const COILS = ["-t", "0"];
const DISCRETE_INPUTS = ["-t", "1"];
const INPUT_REGISTERS = ["-t", "3"];
const HOLDING_REGISTERS = ["-t", "4"];

interface Stand extends AsyncDisposable {
  readonly device: ModbusDevice;
  ask(options: readonly string[], values?: readonly (number | string)[]): Promise<MbpollAnswer>;
}

/** 1234.5 = 0x449a5000 */
const FLOAT_WORDS = [0x449a, 0x5000];

function fieldDevice(clock: Clock): ModbusDevice {
  const device = new ModbusDevice({ unit: UNIT, clock, entropy: seededEntropy(UNIT) });
  device.coils.store(0, [1, 0, 1, 1, 0, 0, 0, 0, 1, 1]);
  device.discreteInputs.store(100, [0, 1, 1]);
  device.inputRegisters.store(0, [1, 65_535, 4_660]);
  device.inputRegisters.store(10, FLOAT_WORDS);
  device.holdingRegisters.store(0, [7, 8, 9]);
  device.holdingRegisters.store(20, [0, 0]);
  return device;
}

async function overTcp(): Promise<Stand> {
  const clock = linuxClock();
  const device = fieldDevice(clock);
  const target = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
  const server = await serveTcp({ clock, network: linuxNetwork(), target, devices: [device] });
  return {
    device,
    ask: (options, values) =>
      mbpoll("127.0.0.1", ["-m", "tcp", "-p", String(server.port), "-a", String(UNIT), ...options], values),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function overPty(): Promise<Stand> {
  const clock = linuxClock();
  const device = fieldDevice(clock);
  const pty = await openPty({ clock });
  const server = serveRtu({ clock, wire: pty.wire(LINE), line: LINE, devices: [device] });
  return {
    device,
    ask: (options, values) =>
      mbpoll(pty.path, ["-m", "rtu", "-b", "38400", "-P", "even", "-a", String(UNIT), ...options], values),
    async [Symbol.asyncDispose]() {
      server[Symbol.dispose]();
      await pty[Symbol.asyncDispose]();
    },
  };
}

const STANDS = { TCP: overTcp, "RTU on a pty": overPty };

for (const [transport, open] of Object.entries(STANDS)) {
  requires("mbpoll")(`mbpoll as a client of our devices over ${transport}`, () => {
    test("reads all four tables", async () => {
      await using stand = await open();
      const coils = await stand.ask([...COILS, "-r", "0", "-c", "10"]);
      expect([...coils.values.values()].join(" ")).toBe("1 0 1 1 0 0 0 0 1 1");
      const inputs = await stand.ask([...DISCRETE_INPUTS, "-r", "100", "-c", "3"]);
      expect([...inputs.values]).toEqual([
        [100, "0"],
        [101, "1"],
        [102, "1"],
      ]);
      const registers = await stand.ask([...INPUT_REGISTERS, "-r", "0", "-c", "3"]);
      expect([...registers.values.values()]).toEqual(["1", "65535 (-1)", "4660"]);
      const holding = await stand.ask([...HOLDING_REGISTERS, "-r", "0", "-c", "3"]);
      expect([...holding.values.values()]).toEqual(["7", "8", "9"]);
      const float = await stand.ask(["-t", "3:float", "-B", "-r", "10", "-c", "1"]);
      expect(float.values.get(10)).toBe("1234.5");
    });

    test("writes one and several coils and registers", async () => {
      await using stand = await open();
      await stand.ask([...COILS, "-r", "1"], [1]);
      await stand.ask([...COILS, "-r", "4"], [1, 1, 0, 1]);
      expect(stand.device.coils.read(0, 10)).toEqual([1, 1, 1, 1, 1, 1, 0, 1, 1, 1]);
      await stand.ask([...HOLDING_REGISTERS, "-r", "0"], [4_242]);
      await stand.ask([...HOLDING_REGISTERS, "-r", "1"], [10, 11]);
      expect(stand.device.holdingRegisters.read(0, 3)).toEqual([4_242, 10, 11]);
      await stand.ask(["-t", "4:float", "-B", "-r", "20"], ["1234.5"]);
      expect(stand.device.holdingRegisters.read(20, 2)).toEqual(FLOAT_WORDS);
    });

    test("shows our exceptions as exceptions", async () => {
      await using stand = await open();
      const missing = await stand.ask([...HOLDING_REGISTERS, "-r", "500"]);
      expect(missing.said).toContain("Illegal data address");
      const refused = await stand.ask([...HOLDING_REGISTERS, "-r", "500"], [1]);
      expect(refused.said).toContain("Illegal data address");
      stand.device.inject({ kind: "exception", code: 6, count: 1 });
      const busy = await stand.ask([...HOLDING_REGISTERS, "-r", "0"]);
      expect(busy.said).toMatch(/busy/i);
      expect(stand.device.counters.exceptions).toBe(2);
    });
  });
}

import { expect, test } from "vitest";
import { discoverCommand } from "../../agent/cli/discover/command.ts";
import type { BusSnapshot, SerialTransport } from "../../agent/config/snapshot.ts";
import { memoryDoor } from "../../agent/contract/door.ts";
import { silentLog } from "../../agent/contract/log.ts";
import { Bus } from "../../agent/field/bus/bus.ts";
import { Inventory } from "../../agent/field/inventory/inventory.ts";
import { sleep } from "../../hal/clock.ts";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxEntropy } from "../../hal/linux/entropy.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { linuxSerial } from "../../hal/linux/serial.ts";
import { memoryDisk } from "../../simulator/disk.ts";
import { seededEntropy } from "../../simulator/entropy.ts";
import { ModbusDevice, rtuMaster, serveRtu, shortPdu } from "../../simulator/modbus/index.ts";
import { openPty } from "../../simulator/pty.ts";
import { sharedWire } from "../../simulator/shared-wire.ts";

const LINE = { baudRate: 9_600, parity: "none", dataBits: 8, stopBits: 2 } as const;
const TEN = [1, 2, 3, 17, 42, 100, 101, 150, 200, 247];
const clock = linuxClock();

function devices(units: readonly number[]): readonly ModbusDevice[] {
  return units.map((unit) => {
    const device = new ModbusDevice({ unit, clock, entropy: seededEntropy(unit), replyDelayMs: 10 });
    device.holdingRegisters.store(0, [unit, 2, 3, 4]);
    return device;
  });
}

test("a listening bus lets no byte out of a real port while two masters talk, and lists what they ask", async () => {
  await using pty = await openPty({ clock });
  const wire = pty.wire(LINE);
  let left = 0;
  wire.receive((chunk) => void (left += chunk.length));
  const pair = sharedWire(clock, wire, LINE);
  using _server = serveRtu({ clock, wire: pair.end(), line: LINE, devices: devices([1, 2]) });
  using one = rtuMaster({ clock, wire: pair.end(), line: LINE });
  using other = rtuMaster({ clock, wire: pair.end(), line: LINE });
  const transport: SerialTransport = { kind: "serial", framing: "rtu", path: pty.path, ...LINE };
  const snapshot: BusSnapshot = {
    name: "theirs",
    transport,
    listenOnly: true,
    turnaroundMs: 100,
    broadcast: false,
    devices: [],
  };
  await using inventory = new Inventory({ clock, disk: memoryDisk(), alarms: { set: () => {} }, log: silentLog });
  const parts = { clock, entropy: linuxEntropy(), network: linuxNetwork(), serial: linuxSerial(), log: silentLog };
  const sink = { sampled: () => 0, turned: () => {} };
  const bus = new Bus({ ...parts, sink, watch: (of) => inventory.watch(of) }, snapshot, 0);
  bus.start();
  one.poll({ unit: 1, pdu: shortPdu(3, 0, 4) }, 250);
  other.poll({ unit: 2, pdu: shortPdu(6, 1, 7) }, 410);
  await sleep(clock, 5_000);
  const { inventory: seen } = inventory.reply({ kind: "inventory-query", id: 1, bus: "theirs" }, [bus]);
  await bus.stop();
  expect(left).toBe(0);
  expect(seen?.units.map(({ unit }) => unit)).toEqual([1, 2]);
  expect(seen?.requests.map(({ unit, function: code, address, quantity }) => [unit, code, address, quantity])).toEqual([
    [1, 3, 0, 4],
    [2, 6, 1, 1],
  ]);
}, 20_000);

test("ten devices among 247 unit ids are found on a real port within a minute", async () => {
  await using pty = await openPty({ clock });
  const wire = pty.wire(LINE);
  using _server = serveRtu({ clock, wire, line: LINE, devices: devices(TEN) });
  let out = "";
  const begunMs = clock.monotonicMs();
  const code = await discoverCommand(
    ["--path", pty.path, "--baud", "9600", "--parity", "none", "--json"],
    {
      clock,
      serial: () => Promise.resolve(linuxSerial()),
      network: linuxNetwork(),
      dialControl: () => memoryDoor().dialer,
      defaultControlPath: "",
      realPath: (path) => Promise.resolve(path),
      stop: AbortSignal.any([]),
    },
    { out: (text) => void (out += text), err: () => {}, isTty: false, columns: 80 },
  );
  const tookMs = clock.monotonicMs() - begunMs;
  expect(code).toBe(0);
  expect((JSON.parse(out) as { units: { unit: number }[] }).units.map(({ unit }) => unit)).toEqual(TEN);
  expect(tookMs).toBeLessThanOrEqual(60_000);
}, 90_000);

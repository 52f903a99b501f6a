import { memoryDigitalIo } from "../../../simulator/digital-io.ts";
import { simulatedBoot } from "../../../simulator/machine-boot.ts";
import { openChannel } from "../../../agent/contract/channel.ts";
import { decodeFieldToKeeper } from "../../../agent/contract/decode.ts";
import { memoryDoor } from "../../../agent/contract/door.ts";
import type { Door } from "../../../agent/contract/door.ts";
import { silentLog } from "../../../agent/contract/log.ts";
import type { FieldToKeeper, KeeperToField } from "../../../agent/contract/rooms.ts";
import type { DeviceSnapshot, FieldSnapshot } from "../../../agent/config/snapshot.ts";
import { runField } from "../../../agent/field/room.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { memoryDisk } from "../../../simulator/disk.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { ModbusDevice, serveRtu } from "../../../simulator/modbus/index.ts";
import { memoryNetwork } from "../../../simulator/network.ts";
import { memorySerial } from "../../../simulator/serial.ts";
import type { TracedCharacter } from "../../../simulator/serial.ts";
import { line, pollMs, REGISTERS, REPLY_DELAY_MS, UNITS } from "./line-arithmetic.ts";
import type { Exchange } from "./line-arithmetic.ts";

const PATH = "/dev/line-1";
const WARM_UP_MS = 5_000;
const WINDOW_MS = 60_000;

/** The real `field` over a simulated line, in virtual time: what its arbiter makes of a line with nothing else in the way. */
export async function virtualExchanges(baudRate: number): Promise<readonly Exchange[]> {
  const clock = virtualClock();
  const entropy = seededEntropy(1);
  const serial = memorySerial(clock);
  const devices = UNITS.map((unit) => new ModbusDevice({ unit, clock, entropy, replyDelayMs: REPLY_DELAY_MS }));
  const registers = Array.from({ length: REGISTERS }, (_, i) => i);
  for (const one of devices) one.holdingRegisters.store(0, registers);
  using _server = serveRtu({ clock, wire: serial.wire(PATH, line(baudRate)), line: line(baudRate), devices });
  const keeper = memoryDoor();
  await configureThrough(keeper.door, snapshot(baudRate));
  const abort = new AbortController();
  const room = runField(
    {
      clock,
      entropy,
      network: memoryNetwork(clock),
      serial,
      digitalIo: memoryDigitalIo(),
      machineBoot: simulatedBoot(),
      disk: memoryDisk(),
      keeper: keeper.dialer,
      uplink: memoryDoor().door,
      log: silentLog,
    },
    abort.signal,
  );
  await clock.advance(WARM_UP_MS + WINDOW_MS);
  abort.abort();
  await clock.advance(1_000);
  await room;
  return exchangesOf(serial.trace(PATH)).filter((one) => one.requestStartMs >= WARM_UP_MS);
}

/** Hands `field` its part as `keeper` would. */
async function configureThrough(door: Door, part: FieldSnapshot): Promise<void> {
  await door.serve((stream) => {
    const channel = openChannel<FieldToKeeper, KeeperToField>(stream, decodeFieldToKeeper, (message) => {
      if (message.kind !== "configured" || message.digest === DIGEST) return;
      channel.send({ kind: "configure", digest: DIGEST, part: { ...part } });
    });
  });
}

const DIGEST = "bench";

function snapshot(baudRate: number): FieldSnapshot {
  return {
    site: "bench",
    device: "gateway-1",
    queueValuesMax: 1_000,
    buses: [
      {
        name: "line-1",
        transport: { kind: "serial", framing: "rtu", path: PATH, baudRate, parity: "even", dataBits: 8, stopBits: 1 },
        turnaroundMs: 100,
        broadcast: false,
        devices: UNITS.map((unit) => device(unit, pollMs(baudRate))),
      },
    ],
  };
}

function device(unit: number, pollingMs: number): DeviceSnapshot {
  return {
    name: `device-${unit}`,
    unit,
    pollMs: pollingMs,
    timeoutMs: 300,
    lateReplyMs: 600,
    requestGapMs: 0,
    probeMsMax: 60_000,
    points: Array.from({ length: REGISTERS }, (_, address) => ({
      name: `register-${address}`,
      table: "holding-register",
      address,
      count: 1,
      type: "uint16",
      wordOrder: "big",
      byteOrder: "big",
      pollMs: pollingMs,
      scale: 1,
      offset: 0,
      deadband: 0,
      heartbeatMs: 60_000,
    })),
  };
}

/** A request begins with each character that leaves after one that came. */
function exchangesOf(trace: readonly TracedCharacter[]): readonly Exchange[] {
  return trace
    .toSorted((a, b) => a.startMs - b.startMs)
    .flatMap((character, index, all) => {
      const before = all[index - 1];
      return character.direction === "out" && before?.direction === "in"
        ? [{ requestStartMs: character.startMs, quietSinceMs: before.endMs }]
        : [];
    });
}

import type { Clock } from "../../../hal/clock.ts";
import { linuxClock } from "../../../hal/linux/clock.ts";
import { seededEntropy } from "../../../simulator/entropy.ts";
import { ModbusDevice, serveRtu } from "../../../simulator/modbus/index.ts";
import { openPty } from "../../../simulator/pty.ts";
import { line, REGISTERS, REPLY_DELAY_MS, UNITS } from "../cases/line-arithmetic.ts";
import type { Exchange } from "../cases/line-arithmetic.ts";
import { peerOptions, servePeer } from "../machine/peer-side.ts";

/** Two devices on a paced pty, and a stopwatch on its wire. */
export interface RtuOptions {
  readonly baudRate: number;
}
export interface RtuReady {
  readonly path: string;
}
export interface RtuCount {
  readonly exchanges: readonly Exchange[];
}

const { baudRate } = peerOptions() as RtuOptions;
const clock = linuxClock();
let exchanges: Exchange[] = [];
let quietSinceMs: number | undefined;
let replying = false;

/**
 * The pty's own clock, listened to. It asks for a timer when bytes have just arrived, to hand them over at the pace of
 * the line, and for each character that it sends: the first is the beginning of a request, the last of the others is the
 * end of a reply, and neither depends on how late a timer fired.
 */
const stopwatch: Clock = {
  ...clock,
  after(delayMs, callback) {
    const sending = replying;
    if (!sending && quietSinceMs !== undefined) {
      exchanges.push({ requestStartMs: clock.monotonicMs(), quietSinceMs });
      quietSinceMs = undefined;
    }
    return clock.after(delayMs, () => {
      // before the write: taken after it, a pause of this process would look like a gateway that did not wait
      if (sending) quietSinceMs = clock.monotonicMs();
      replying = sending;
      callback();
      replying = false;
    });
  },
};

const pty = await openPty({ clock: stopwatch });
const wire = pty.wire(line(baudRate));
const devices = UNITS.map(
  (unit) => new ModbusDevice({ unit, clock, entropy: seededEntropy(unit), replyDelayMs: REPLY_DELAY_MS }),
);
const registers = Array.from({ length: REGISTERS }, (_, i) => i);
for (const device of devices) device.holdingRegisters.store(0, registers);
serveRtu({
  clock,
  wire: {
    receive: (listener) => wire.receive(listener),
    send(bytes) {
      replying = true;
      wire.send(bytes);
      replying = false;
    },
  },
  line: line(baudRate),
  devices,
});
servePeer({ path: pty.path } satisfies RtuReady, (question) => {
  const answer: RtuCount = { exchanges };
  if (question === "forget") exchanges = [];
  return answer;
});

import { asciiReader } from "./ascii-frame.ts";
import { startBabble } from "./babble.ts";
import { damageAscii } from "./damage.ts";
import { unitsOf } from "./rtu-server.ts";
import type { RtuServer, RtuServerOptions } from "./rtu-server.ts";

const BROADCAST_UNIT = 0;

/**
 * Puts devices on a serial line that speaks ASCII. A frame ends with its LF, and a device answers its `replyDelayMs`
 * after that. Unit 0 speaks to all, and none answers.
 * @see Modbus over serial line V1.02 §2.4, §2.5.2
 * @throws {RangeError} for a unit id outside 1 to 247 or used twice
 */
export function serveAscii({ clock, wire, devices }: Omit<RtuServerOptions, "line">): RtuServer {
  const units = unitsOf(devices);
  const counters = { frames: 0, discarded: 0, foreign: 0 };
  const babbles = devices.map((device) => startBabble(clock, wire, device));
  let open = true;

  const read = asciiReader(
    ({ unit, pdu }) => {
      counters.frames += 1;
      if (unit === BROADCAST_UNIT) {
        for (const device of devices) device.hearBroadcast(pdu);
        return;
      }
      const device = units.get(unit);
      if (device === undefined) {
        counters.foreign += 1;
        return;
      }
      const { reply, delayMs, faults } = device.exchange(pdu);
      if (reply === undefined) return;
      const bytes = damageAscii({ unit, pdu: reply }, faults, device.entropy);
      clock.after(delayMs, () => {
        if (open && bytes.length > 0) wire.send(bytes);
      });
    },
    () => (counters.discarded += 1),
  );
  wire.receive((chunk) => {
    if (open) read(chunk);
  });

  return {
    counters,
    [Symbol.dispose]() {
      open = false;
      for (const babble of babbles) babble[Symbol.dispose]();
    },
  };
}

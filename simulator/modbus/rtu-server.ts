import type { Clock } from "../../hal/clock.ts";
import type { SerialLine } from "../../hal/serial.ts";
import type { Wire } from "../wire.ts";
import { startBabble } from "./babble.ts";
import { damageRtu } from "./damage.ts";
import type { ModbusDevice } from "./device.ts";
import { decodeRtu, expectedRequestBytes, frameSilenceMs, RTU_FRAME_BYTES_MAX } from "./rtu-frame.ts";
import type { RtuFrame } from "./rtu-frame.ts";

const BROADCAST_UNIT = 0;
/** Bytes without a silence that are kept; a master that never pauses is noise. */
const HEARD_BYTES_MAX = 4 * RTU_FRAME_BYTES_MAX;

export interface RtuServerOptions {
  readonly clock: Clock;
  readonly wire: Wire;
  readonly line: Pick<SerialLine, "baudRate" | "parity" | "dataBits" | "stopBits">;
  /** every unit on this line */
  readonly devices: readonly ModbusDevice[];
}

export interface RtuServer extends Disposable {
  /** since the start; `discarded` counts silences after which nothing decodable had been heard */
  readonly counters: { readonly frames: number; readonly discarded: number; readonly foreign: number };
}

/**
 * Puts devices on a serial line. A frame ends with T3.5 of silence; frames that ran together are told apart by their
 * length. A device answers its `replyDelayMs` after that silence. Unit 0 speaks to all, and none answers.
 * @see Modbus over serial line V1.02 §2.4, §2.5.1
 * @throws {RangeError} for a unit id outside 1 to 247 or used twice
 */
export function serveRtu({ clock, wire, line, devices }: RtuServerOptions): RtuServer {
  const silenceMs = frameSilenceMs(line);
  const units = unitsOf(devices);
  const counters = { frames: 0, discarded: 0, foreign: 0 };
  const babbles = devices.map((device) => startBabble(clock, wire, device));
  let heard: Uint8Array = new Uint8Array(0);
  let lastMs = 0;
  let armed: Disposable | undefined;
  let open = true;

  wire.receive((chunk, endMs = clock.monotonicMs()) => {
    if (!open) return;
    lastMs = endMs;
    if (heard.length < HEARD_BYTES_MAX) heard = Buffer.concat([heard, chunk]);
    armed ??= clock.after(Math.max(0, lastMs + silenceMs - clock.monotonicMs()), silent);
  });

  function silent(): void {
    armed = undefined;
    if (!open) return;
    const leftMs = lastMs + silenceMs - clock.monotonicMs();
    if (leftMs > 0) {
      armed = clock.after(leftMs, silent);
      return;
    }
    const { frames, rest } = cutRequests(heard);
    heard = new Uint8Array(0);
    if (rest > 0) counters.discarded += 1;
    for (const frame of frames) hear(frame);
  }

  function hear({ unit, pdu }: RtuFrame): void {
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
    const bytes = damageRtu({ unit, pdu: reply }, faults, device.entropy);
    const dueMs = lastMs + silenceMs + delayMs;
    clock.after(Math.max(0, dueMs - clock.monotonicMs()), () => {
      if (open && bytes.length > 0) wire.send(bytes);
    });
  }

  return {
    counters,
    [Symbol.dispose]() {
      open = false;
      armed?.[Symbol.dispose]();
      for (const babble of babbles) babble[Symbol.dispose]();
    },
  };
}

/** All whole frames between two silences, and how many bytes were none. */
export function cutRequests(heard: Uint8Array): { readonly frames: readonly RtuFrame[]; readonly rest: number } {
  const frames: RtuFrame[] = [];
  let rest = heard;
  while (rest.length > 0) {
    const frame = decodeRtu(rest) ?? decodeRtu(rest.subarray(0, expectedRequestBytes(rest) ?? 0));
    if (frame === undefined) break;
    frames.push(frame);
    rest = rest.subarray(1 + frame.pdu.length + 2);
  }
  return { frames, rest: rest.length };
}

/** @throws {RangeError} for a unit id outside 1 to 247 or used twice */
export function unitsOf(devices: readonly ModbusDevice[]): ReadonlyMap<number, ModbusDevice> {
  const units = new Map<number, ModbusDevice>();
  for (const device of devices) {
    if (device.unit < 1 || device.unit > 247) throw new RangeError(`unit ${device.unit} on a serial line`);
    if (units.has(device.unit)) throw new RangeError(`unit ${device.unit} is on this line twice`);
    units.set(device.unit, device);
  }
  return units;
}

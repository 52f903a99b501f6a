import type { Clock } from "../hal/clock.ts";
import { characterMs } from "../hal/serial.ts";
import type { SerialLine } from "../hal/serial.ts";
import type { Wire } from "./wire.ts";

type Listener = (chunk: Uint8Array, endMs?: number) => void;

/** One pair of wires with several stations at the device end, such as field devices and a second master. */
export interface SharedWire {
  /** Another station on it. */
  end(): Wire;
}

/** What one station sends, the others hear when it has left, as on a real line. */
export function sharedWire(
  clock: Clock,
  wire: Wire,
  line: Pick<SerialLine, "baudRate" | "parity" | "dataBits" | "stopBits">,
): SharedWire {
  const ends: { listeners: Listener[] }[] = [];
  const oneMs = characterMs(line);
  let idleAtMs = Number.NEGATIVE_INFINITY;
  wire.receive((chunk, endMs) => {
    for (const { listeners } of ends) for (const hear of listeners) hear(chunk, endMs);
  });
  return {
    end() {
      const own: { listeners: Listener[] } = { listeners: [] };
      ends.push(own);
      return {
        receive: (listener) => void own.listeners.push(listener),
        send(bytes) {
          wire.send(bytes);
          const endMs = Math.max(idleAtMs, clock.monotonicMs()) + bytes.length * oneMs;
          idleAtMs = endMs;
          clock.after(endMs - clock.monotonicMs(), () => {
            for (const other of ends) if (other !== own) for (const hear of other.listeners) hear(bytes, endMs);
          });
        },
      };
    },
  };
}

/** An adapter whose receiver stays on while it sends: it hears every byte of its own, too. */
export function echoing(wire: Wire): Wire {
  wire.receive((chunk) => wire.send(chunk));
  return wire;
}

import type { Clock } from "../hal/clock.ts";
import { HalError } from "../hal/error.ts";
import { characterMs } from "../hal/serial.ts";
import type { Serial, SerialLine, SerialListener, SerialPort } from "../hal/serial.ts";
import { pacedLine } from "./wire.ts";
import type { Character, PacedLine, Wire } from "./wire.ts";

/** Characters kept per path for {@link MemorySerial.trace}; the oldest half goes first. */
const TRACE_CHARACTERS_MAX = 1_000_000;
/** What a receiver makes of a character sent at another speed or in another format: something else. */
const GARBLED = 0b1010_0101;

/** One character that was on the line, with its virtual time. `out` leaves the gateway, `in` comes to it. */
export interface TracedCharacter extends Character {
  readonly direction: "out" | "in";
}

/** Serial lines in memory: full duplex, paced by the baud rate in the clock's time. */
export interface MemorySerial extends Serial {
  /** A device end of the line at `path`, which exists from now on; later ends join the first one's line. */
  wire(path: string, line: Omit<SerialLine, "path">): Wire;
  /** The adapter is pulled out: an open port vanishes, opening fails, what the device sends is lost. */
  vanish(path: string): void;
  restore(path: string): void;
  /** Every character that was on the line, both directions, in the order of their ends. */
  trace(path: string): readonly TracedCharacter[];
}

interface Path {
  readonly line: Omit<SerialLine, "path">;
  readonly listeners: ((chunk: Uint8Array) => void)[];
  readonly toGateway: PacedLine;
  trace: TracedCharacter[];
  present: boolean;
  port: OpenPort | undefined;
}

interface OpenPort {
  hear(character: Character): void;
  vanish(): void;
}

interface Write {
  readonly leftMs: number;
  resolve(): void;
  reject(error: HalError): void;
}

export function memorySerial(clock: Clock): MemorySerial {
  const paths = new Map<string, Path>();

  const pathAt = (path: string): Path => {
    const found = paths.get(path);
    if (found === undefined) throw new RangeError(`no wire was ever made for ${path}`);
    return found;
  };

  return {
    wire(path, line) {
      const end = paths.get(path) ?? newPath(clock, line);
      paths.set(path, end);
      return {
        receive: (listener) => void end.listeners.push(listener),
        send: (bytes) => void end.toGateway.send(bytes),
      };
    },
    vanish(path) {
      const end = pathAt(path);
      end.present = false;
      end.port?.vanish();
    },
    restore: (path) => void (pathAt(path).present = true),
    trace: (path) => pathAt(path).trace,
    open(line, listener) {
      return Promise.try(() => {
        const end = paths.get(line.path);
        if (end?.present !== true) throw new HalError("HAL_PORT_UNKNOWN", `no serial device ${line.path}`);
        if (end.port !== undefined) throw new HalError("HAL_PORT_REFUSED", `${line.path} is open already`);
        return openPort(clock, end, line, listener);
      });
    },
  };
}

function newPath(clock: Clock, line: Omit<SerialLine, "path">): Path {
  const path: Path = {
    line,
    listeners: [],
    toGateway: pacedLine(clock, characterMs(line), (character) => {
      if (!path.present) return;
      record(path, character, "in");
      path.port?.hear(character);
    }),
    trace: [],
    present: true,
    port: undefined,
  };
  return path;
}

function openPort(clock: Clock, path: Path, line: SerialLine, listener: SerialListener): SerialPort {
  const garble = sameFormat(path.line, line) ? 0 : GARBLED;
  const openedMs = clock.monotonicMs();
  let ended: HalError | undefined;
  const writes: Write[] = [];
  const toDevice = pacedLine(clock, characterMs(line), (character) => {
    record(path, character, "out");
    for (const receive of path.listeners) receive(Uint8Array.of(character.byte ^ garble));
    while (writes[0] !== undefined && writes[0].leftMs <= character.endMs) writes.shift()?.resolve();
  });
  const end = (error: HalError): void => {
    ended = error;
    path.port = undefined;
    toDevice.drop();
    for (const write of writes.splice(0)) write.reject(error);
  };

  path.port = {
    hear(character) {
      // The first part of this character went by before the port was open.
      if (character.startMs < openedMs) return;
      listener.bytes(Uint8Array.of(character.byte ^ garble));
    },
    vanish() {
      const error = new HalError("HAL_PORT_VANISHED", `${line.path} went away`);
      end(error);
      listener.vanished(error);
    },
  };
  return {
    write(bytes) {
      if (ended !== undefined) return Promise.reject(ended);
      if (bytes.length === 0) return Promise.resolve();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      writes.push({ leftMs: toDevice.send(bytes), resolve, reject });
      return promise;
    },
    [Symbol.asyncDispose]() {
      if (ended === undefined) end(new HalError("HAL_PORT_CLOSED", `${line.path} was closed`));
      return Promise.resolve();
    },
  };
}

function sameFormat(one: Omit<SerialLine, "path">, other: Omit<SerialLine, "path">): boolean {
  return one.baudRate === other.baudRate && one.parity === other.parity && one.dataBits === other.dataBits;
}

function record(path: Path, character: Character, direction: "out" | "in"): void {
  path.trace.push({ ...character, direction });
  if (path.trace.length > TRACE_CHARACTERS_MAX) path.trace = path.trace.slice(TRACE_CHARACTERS_MAX / 2);
}

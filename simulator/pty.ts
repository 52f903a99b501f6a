import { rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { ReadStream } from "node:tty";
import type { Clock } from "../hal/clock.ts";
import { characterMs } from "../hal/serial.ts";
import type { SerialLine } from "../hal/serial.ts";
import { pacedLine } from "./wire.ts";
import type { PacedLine, Wire } from "./wire.ts";

/** What nobody at the other end reads is lost, as on a real line; the kernel holds some 4 KiB of it. */
const UNREAD_BYTES_MAX = 4_096;

export interface PtyOptions {
  /** paces the line, so a real one */
  readonly clock: Clock;
  /** a stable path, as `/dev/serial/by-id` gives it: a link that vanishes with the pty and comes back to another one */
  readonly linkPath?: string;
}

/** A serial cable on a pseudo terminal: the product opens one end as a serial port, a simulated device has the other. */
export interface Pty extends AsyncDisposable {
  /** what to open: the link, or the terminal's own path, which changes with `restore` */
  readonly path: string;
  /** Both directions are paced here, since a pty itself takes no time. @throws {RangeError} the second time */
  wire(line: Omit<SerialLine, "path">): Wire;
  /** The adapter is pulled out: whoever has it open sees it go. */
  vanish(): void;
  /** It is plugged in again, as another terminal. */
  restore(): void;
}

/** @throws {Error} where the native part of `@lydell/node-pty` is missing or the system has no terminals left */
export function openPty(options: PtyOptions): Promise<Pty> {
  return Promise.try(() => {
    const { clock, linkPath } = options;
    let receive: ((chunk: Uint8Array) => void) | undefined;
    let toProduct: PacedLine | undefined;
    let terminal: Terminal | undefined;
    let ownPath = "";

    function plug(): void {
      if (terminal !== undefined) return;
      terminal = openTerminal((chunk) => receive?.(chunk));
      ownPath = terminal.path;
      if (linkPath === undefined) return;
      rmSync(linkPath, { force: true });
      symlinkSync(terminal.path, linkPath);
    }

    function unplug(): void {
      if (terminal === undefined) return;
      if (linkPath !== undefined) rmSync(linkPath, { force: true });
      toProduct?.drop();
      terminal.close();
      terminal = undefined;
    }

    plug();
    return {
      get path() {
        return linkPath ?? ownPath;
      },
      wire(line) {
        if (receive !== undefined) throw new RangeError("this pty has its wire already");
        const listeners: ((chunk: Uint8Array, endMs: number) => void)[] = [];
        const oneMs = characterMs(line);
        const coming: { readonly chunk: Uint8Array; readonly endMs: number }[] = [];
        let busyUntilMs = Number.NEGATIVE_INFINITY;
        // Chunk by chunk, each when its last character would have come: a late timer must not tear a frame in two.
        receive = (chunk) => {
          busyUntilMs = Math.max(busyUntilMs, clock.monotonicMs()) + chunk.length * oneMs;
          coming.push({ chunk, endMs: busyUntilMs });
          clock.after(Math.max(0, busyUntilMs - clock.monotonicMs()), () => {
            // The oldest, not the one this timer was set for: real timers that are due together fire in any order.
            const first = coming.shift();
            if (first !== undefined) for (const listener of listeners) listener(first.chunk, first.endMs);
          });
        };
        const sending = pacedLine(clock, oneMs, ({ byte }) => terminal?.write(byte));
        toProduct = sending;
        return {
          receive: (listener) => void listeners.push(listener),
          send(bytes) {
            if (terminal !== undefined) sending.send(bytes);
          },
        };
      },
      vanish: unplug,
      restore: plug,
      [Symbol.asyncDispose]: () => Promise.resolve(unplug()),
    };
  });
}

interface Terminal {
  readonly path: string;
  write(byte: number): void;
  close(): void;
}

function openTerminal(receive: (chunk: Uint8Array) => void): Terminal {
  const { master, slave, pty: path } = nativePty().open(80, 24);
  const near = new ReadStream(master);
  // Raw, or the terminal would echo and translate. Held open and never read: without it the near end would see an end
  // of file whenever the product closes the port.
  const far = new ReadStream(slave);
  far.setRawMode(true);
  for (const end of [near, far]) end.on("error", () => end.destroy());
  near.on("data", (chunk: Buffer) => receive(Uint8Array.from(chunk)));
  return {
    path,
    write(byte) {
      if (near.writableLength < UNREAD_BYTES_MAX) near.write(Uint8Array.of(byte));
    },
    close() {
      near.destroy();
      far.destroy();
    },
  };
}

interface NativePty {
  open(columns: number, rows: number): { readonly master: number; readonly slave: number; readonly pty: string };
}

/** The binding itself: the package's own `open` reads the product's end too, and would swallow its bytes. */
function nativePty(): NativePty {
  const load = createRequire(import.meta.url);
  const binding = load("@lydell/node-pty/requireBinary.js") as { requireBinary(file: string): NativePty };
  return binding.requireBinary("pty.node");
}

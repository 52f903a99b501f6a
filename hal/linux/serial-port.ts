import { readSync, writeSync } from "node:fs";
import { HalError } from "../error.ts";
import type { SerialListener, SerialPort } from "../serial.ts";
import type { LinuxPort } from "./serial-binding.ts";

/** More than a whole Modbus frame, so that one call empties the kernel's buffer as a rule. */
const READ_BYTES = 512;

/**
 * Reads and writes the descriptor itself and leaves the rest to the binding: the library's own read loop takes the
 * end of input that an unplugged adapter gives for a reason to read again, for ever, on the thread pool.
 * The descriptor is non-blocking, so these calls return at once.
 */
export function openSerialPort(port: LinuxPort, path: string, listener: SerialListener): SerialPort {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let ended: HalError | undefined;
  let closed: Promise<void> | undefined;

  const end = (error: HalError): void => {
    ended = error;
    closed = closeQuietly(port);
  };
  const failOnceEnded = (): void => {
    if (ended !== undefined) throw ended;
  };
  const vanish = (cause: unknown): HalError => {
    if (ended !== undefined) return ended;
    const error = new HalError("HAL_PORT_VANISHED", `${path} went away`, { cause });
    end(error);
    listener.vanished(error);
    return error;
  };
  const readable = (error: Error | null): void => {
    if (ended !== undefined) return;
    if (error !== null) vanish(error);
    else if (readAll()) port.poller.once("readable", readable);
  };
  /** Hands over what is there. False once the port is gone or was closed by its listener. */
  const readAll = (): boolean => {
    for (let count = READ_BYTES; count === READ_BYTES;) {
      try {
        count = readSync(descriptor(port), buffer, 0, READ_BYTES, null);
      } catch (error) {
        if (isPatience(error)) return true;
        vanish(error);
        return false;
      }
      if (count === 0) {
        vanish(new Error("end of input")); // VMIN is 1: only a line that was hung up gives nothing
        return false;
      }
      listener.bytes(Uint8Array.prototype.slice.call(buffer, 0, count));
      if (ended !== undefined) return false;
    }
    return true;
  };
  const writeAll = async (bytes: Uint8Array): Promise<void> => {
    let written = 0;
    while (written < bytes.length) {
      failOnceEnded();
      try {
        written += writeSync(descriptor(port), bytes, written, bytes.length - written, null);
      } catch (error) {
        if (!isPatience(error)) throw error;
        await writable(port);
      }
    }
  };

  port.poller.once("readable", readable);
  return {
    async write(bytes) {
      failOnceEnded();
      try {
        await writeAll(bytes);
        await port.drain();
      } catch (error) {
        throw vanish(error);
      }
      // Draining a line that was hung up, or closed meanwhile, succeeds.
      failOnceEnded();
    },
    async [Symbol.asyncDispose]() {
      if (ended === undefined) end(new HalError("HAL_PORT_CLOSED", `${path} was closed`));
      await closed;
    },
  };
}

/** Of a device that is gone, closing fails, and nothing is left to do about it. */
async function closeQuietly(port: LinuxPort): Promise<void> {
  try {
    await port.close();
  } catch {}
}

function descriptor(port: LinuxPort): number {
  if (port.fd === null) throw new Error("the port is closed");
  return port.fd;
}

function writable(port: LinuxPort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.poller.once("writable", (error) => (error === null ? resolve() : reject(error)));
  });
}

function isPatience(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EAGAIN" || code === "EINTR";
}

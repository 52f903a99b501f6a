import { HalError } from "../error.ts";
import type { Serial, SerialLine, SerialListener, SerialPort } from "../serial.ts";
import { loadBinding } from "./serial-binding.ts";
import type { LinuxPort } from "./serial-binding.ts";
import { openSerialPort } from "./serial-port.ts";

/**
 * Serial lines through serialport's native binding, which is loaded at the first opening: a process that has no
 * serial line never pays for it.
 */
export function linuxSerial(): Serial {
  return {
    async open(line, listener) {
      const binding = await loadBinding();
      const port = await binding.open(bindingOptions(line)).catch((cause: unknown) => {
        throw openError(line, cause);
      });
      return prepare(port, line, listener);
    },
  };
}

/** Whether this installation can open serial lines at all: a missing binding would otherwise show on the first open. */
export async function serialSelfTest(): Promise<
  | { readonly ok: true; readonly binding: string }
  | { readonly ok: false; readonly code: "HAL_SERIAL_UNAVAILABLE"; readonly message: string }
> {
  try {
    const binding = await loadBinding();
    return { ok: true, binding: binding.name };
  } catch (error) {
    return { ok: false, code: "HAL_SERIAL_UNAVAILABLE", message: (error as HalError).message };
  }
}

async function prepare(port: LinuxPort, line: SerialLine, listener: SerialListener): Promise<SerialPort> {
  try {
    await port.flush(); // an unusual baud rate is set without it
    return openSerialPort(port, line.path, listener);
  } catch (cause) {
    await port.close().catch(() => {});
    throw openError(line, cause);
  }
}

function bindingOptions(line: SerialLine): Parameters<Awaited<ReturnType<typeof loadBinding>>["open"]>[0] {
  const { path, baudRate, parity, dataBits, stopBits } = line;
  return { path, baudRate, parity, dataBits, stopBits, lock: true, hupcl: false };
}

/** The binding gives the kernel's error as text alone; Node never sets a locale, so the text is the C locale's. */
function openError(line: SerialLine, cause: unknown): HalError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/No such (?:file|device)/.test(message)) {
    return new HalError("HAL_PORT_UNKNOWN", `no serial device ${line.path}`, { cause });
  }
  return new HalError("HAL_PORT_REFUSED", `${line.path} cannot be opened: ${message}`, { cause });
}

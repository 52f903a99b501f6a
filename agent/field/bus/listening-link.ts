import { HalError } from "../../../hal/error.ts";
import type { Serial } from "../../../hal/serial.ts";
import type { SerialTransport } from "../../config/snapshot.ts";

/** An open line that can only be heard and closed: whoever holds it has no way to send. */
export type ListeningLink = AsyncDisposable;

/**
 * Opens a line to listen on it. What is heard goes to whoever watches the serial line.
 * @throws {HalError} what opening the port can be refused with
 */
export function openListeningLink(
  serial: Serial,
  transport: SerialTransport,
  lost: (code: string, message: string) => void,
): Promise<ListeningLink> {
  const { path, baudRate, parity, dataBits, stopBits } = transport;
  return serial.open(
    { path, baudRate, parity, dataBits, stopBits },
    {
      bytes: () => {},
      vanished: (error) => lost(error instanceof HalError ? error.code : "HAL_PORT_VANISHED", error.message),
    },
  );
}

export type Parity = "none" | "even" | "odd";

/** One asynchronous serial line, as the device's nameplate states it. */
export interface SerialLine {
  /** stable device path, such as `/dev/serial/by-id/usb-FTDI_…-port0` */
  readonly path: string;
  readonly baudRate: number;
  readonly parity: Parity;
  readonly dataBits: 7 | 8;
  readonly stopBits: 1 | 2;
}

export interface SerialListener {
  /** 1 byte or more, as the kernel hands them over; the buffer is the listener's to keep. */
  bytes(chunk: Uint8Array): void;
  /** Called once when an open port goes away by itself (`HAL_PORT_VANISHED`). Never after disposal. */
  vanished(error: Error): void;
}

/** One open serial port. Bytes in, bytes out: framing belongs to the protocol above it. */
export interface SerialPort extends AsyncDisposable {
  /**
   * Hands all bytes to the driver in one write and resolves once the last bit has left the UART, as far as the
   * driver can tell (a pty has no UART and answers at once: callers add the characters' own time).
   * @throws {HalError} `HAL_PORT_CLOSED`, `HAL_PORT_VANISHED`
   */
  write(bytes: Uint8Array): Promise<void>;
}

export interface Serial {
  /**
   * Opens exclusively; input that was waiting is thrown away.
   * @throws {HalError} `HAL_PORT_UNKNOWN`, `HAL_PORT_REFUSED`, `HAL_SERIAL_UNAVAILABLE`
   */
  open(line: SerialLine, listener: SerialListener): Promise<SerialPort>;
}

/** Bits on the wire per character: start, data, parity, stop. Modbus RTU wants 11; 8N1 devices use 10. */
export function characterBits(line: Pick<SerialLine, "parity" | "dataBits" | "stopBits">): number {
  return 1 + line.dataBits + (line.parity === "none" ? 0 : 1) + line.stopBits;
}

/** Time of one character on the wire, milliseconds. */
export function characterMs(line: Pick<SerialLine, "baudRate" | "parity" | "dataBits" | "stopBits">): number {
  return (characterBits(line) * 1000) / line.baudRate;
}

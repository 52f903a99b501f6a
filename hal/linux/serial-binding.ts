import { HalError } from "../error.ts";

/** What serialport's Linux binding gives, as far as it is used here. */
export interface LinuxPort {
  readonly fd: number | null;
  readonly poller: {
    once(event: "readable" | "writable", callback: (error: Error | null) => void): unknown;
  };
  flush(): Promise<void>;
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface LinuxBinding {
  /** its own name for itself, for the self-test's report */
  readonly name: string;
  open(options: {
    path: string;
    baudRate: number;
    parity: "none" | "even" | "odd";
    dataBits: 7 | 8;
    stopBits: 1 | 2;
    lock: boolean;
    hupcl: boolean;
  }): Promise<LinuxPort>;
}

/** @throws {HalError} `HAL_SERIAL_UNAVAILABLE` */
export async function loadBinding(): Promise<LinuxBinding> {
  try {
    const { SerialPort } = await import("serialport");
    const open = SerialPort.binding.open as unknown as LinuxBinding["open"];
    return { name: `serialport for ${process.platform}-${process.arch}`, open };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new HalError("HAL_SERIAL_UNAVAILABLE", `serialport's native binding did not load: ${message}`, { cause });
  }
}

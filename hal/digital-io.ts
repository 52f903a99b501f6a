import type { HalError } from "./error.ts";

export interface InputListener {
  /** Called once right after opening with the level there is, and then on every change. */
  level(high: boolean): void;
  /** The line cannot be read any more; nothing is called after it. */
  failed(error: HalError): void;
}

/** One output of the housing: a relay's coil, an LED. */
export interface OutputLine extends AsyncDisposable {
  /**
   * Resolves once the line has this level. Disposal leaves the line as it is, as the death of the process does.
   * @throws {HalError} `HAL_LINE_FAILED`
   */
  set(high: boolean): Promise<void>;
}

/**
 * Digital inputs and outputs of the gateway's own housing: inputs, presence button, tamper and service-port sensors,
 * alarm relay, LEDs. A line is named `driver:place`, such as `gpio:17`, `led:act`, `carrier:eth1`.
 */
export interface DigitalIo {
  /** @throws {HalError} `HAL_LINE_UNKNOWN`, `HAL_LINE_REFUSED` */
  openInput(line: string, listener: InputListener): Promise<AsyncDisposable>;
  /** @throws {HalError} `HAL_LINE_UNKNOWN`, `HAL_LINE_REFUSED` */
  openOutput(line: string): Promise<OutputLine>;
}

import type { Clock } from "../../../hal/clock.ts";
import type { Fault } from "../../contract/fault.ts";
import type { Log } from "../../contract/log.ts";

/** Somebody who tries again and again is one line in a minute, and a number. */
const LOG_MS = 60_000;

export type ModbusServerFaultCode =
  | "MODBUS_SERVER_LISTEN_FAILED" // the address is not ours (yet), the port is in use, or the unit may not listen
  | "MODBUS_SERVER_CLIENT_REFUSED" // not among the configured clients
  | "MODBUS_SERVER_FULL" // more connections than allowed
  | "MODBUS_SERVER_WRITE_REFUSED" // somebody takes it for something that can be written
  | "MODBUS_SERVER_MALFORMED" // bytes that are no Modbus TCP, or a frame that never ended
  | "MODBUS_SERVER_CONFIG_DIFFERS" // field runs another configuration, so that no value is known for any address
  | "MODBUS_SERVER_VALUE_UNFIT"; // a value that its registers cannot hold

/** What the server has seen, counted. */
export class Tally {
  requests = 0;
  unanswered = 0;
  refusedWrites = 0;
  refusedClients = 0;
  #lastFault: Fault | undefined;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #loggedMs = new Map<ModbusServerFaultCode, number>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  get lastFault(): Fault | undefined {
    return this.#lastFault;
  }

  fault(code: ModbusServerFaultCode, message: string): void {
    this.#lastFault = { code, message, timeMs: this.#clock.wall().unixMs };
    const nowMs = this.#clock.monotonicMs();
    const loggedMs = this.#loggedMs.get(code);
    if (loggedMs !== undefined && nowMs - loggedMs < LOG_MS) return;
    this.#loggedMs.set(code, nowMs);
    this.#log.warn("modbus-server.fault", { code, message });
  }
}

import type { Clock } from "../../hal/clock.ts";
import type { Entropy } from "../../hal/entropy.ts";
import type { ExceptionCode } from "./exception.ts";
import { EXCEPTION_CODES, encodeException, ModbusException } from "./exception.ts";
import type { Fault, FaultKind, Injection } from "./fault.ts";
import { Faults } from "./fault.ts";
import type { Identification } from "./identification.ts";
import { readIdentification } from "./identification.ts";
import type { Request } from "./request.ts";
import { decodeRequest } from "./request.ts";
import { encodeBits, encodeEcho, encodeRegisters } from "./response.ts";
import { Table } from "./table.ts";

export interface ModbusDeviceOptions {
  /** 1 to 247 on a serial line, 0 to 255 over TCP */
  readonly unit: number;
  readonly clock: Clock;
  /** decides where faults strike */
  readonly entropy: Entropy;
  /** how long it thinks before it answers, beyond the line's own silence; default 0 */
  readonly replyDelayMs?: number;
  /** function 43/14 is an illegal function where absent */
  readonly identification?: Identification;
  /** function codes it knows, by default all of 1-6, 15, 16, 22, 23, 43 */
  readonly functions?: readonly number[];
}

/** What becomes of one request. */
export interface Exchange {
  /** PDU; undefined where the device stays silent */
  readonly reply: Uint8Array | undefined;
  readonly delayMs: number;
  /** what else goes wrong on the way */
  readonly faults: readonly Fault[];
}

/** A field device: four tables, an identification, and faults on request. It knows PDUs; servers put it on a line or socket. */
export class ModbusDevice {
  readonly unit: number;
  replyDelayMs: number;
  readonly entropy: Entropy;
  readonly faults: Faults;
  readonly coils = new Table();
  readonly discreteInputs = new Table();
  readonly inputRegisters = new Table();
  readonly holdingRegisters = new Table();
  /** since the start; `requests` counts whatever reached it intact, broadcasts too */
  readonly counters = { requests: 0, replies: 0, exceptions: 0 };
  /** called while {@link lastHeardMs} still says when it was asked before */
  beforeHearing: (() => void) | undefined;
  /** when it was last asked anything, monotonic milliseconds */
  lastHeardMs: number;
  readonly #clock: Clock;
  readonly #identification: Identification | undefined;
  readonly #functions: ReadonlySet<number> | undefined;
  /** under the fault `stuck`: replies by the request in hex */
  readonly #said = new Map<string, Uint8Array>();

  constructor(options: ModbusDeviceOptions) {
    this.unit = options.unit;
    this.replyDelayMs = options.replyDelayMs ?? 0;
    this.entropy = options.entropy;
    this.faults = new Faults(options.clock, options.entropy);
    this.#clock = options.clock;
    this.lastHeardMs = options.clock.monotonicMs();
    this.#identification = options.identification;
    this.#functions = options.functions === undefined ? undefined : new Set(options.functions);
  }

  inject(injection: Injection): void {
    this.faults.inject(injection);
  }

  clear(kind?: FaultKind): void {
    this.faults.clear(kind);
  }

  /** One request under the faults of the moment. */
  exchange(pdu: Uint8Array): Exchange {
    this.counters.requests += 1;
    const faults = this.faults.draw();
    const silent = faults.some(({ kind }) => kind === "silence" || kind === "disconnect");
    if (silent) return { reply: undefined, delayMs: this.replyDelayMs, faults };
    let code: ExceptionCode | undefined;
    let delayMs = this.replyDelayMs;
    for (const fault of faults) {
      if (fault.kind === "exception") ({ code } = fault);
      if (fault.kind === "delay" || fault.kind === "late-reply") delayMs += fault.ms;
    }
    const healthy = code === undefined ? this.answer(pdu) : encodeException(pdu[0] ?? 0, code);
    const answer = this.#stuck(pdu, healthy, faults);
    const lost = faults.some(({ kind }) => kind === "lost-reply");
    if (!lost) this.counters.replies += 1;
    return { reply: lost ? undefined : answer, delayMs, faults };
  }

  /** Acts on a write to all devices; there is no answer to one, not even a refusal. */
  hearBroadcast(pdu: Uint8Array): void {
    this.counters.requests += 1;
    if (this.faults.draw().some(({ kind }) => kind === "silence")) return;
    if (BROADCAST_FUNCTIONS.has(pdu[0] ?? 0)) this.answer(pdu);
  }

  /** The response PDU of a healthy device. Never throws what the bytes of a request could cause. */
  answer(pdu: Uint8Array): Uint8Array {
    this.beforeHearing?.();
    this.lastHeardMs = this.#clock.monotonicMs();
    try {
      const request = decodeRequest(pdu);
      if (this.#functions?.has(request.functionCode) === false) {
        throw new ModbusException(EXCEPTION_CODES.illegalFunction, `no function ${request.functionCode} here`);
      }
      return this.#execute(request);
    } catch (error) {
      if (!(error instanceof ModbusException)) throw error;
      this.counters.exceptions += 1;
      return encodeException(pdu[0] ?? 0, error.exceptionCode);
    }
  }

  /** What a stuck device says instead; whatever it said is forgotten once it moves again. */
  #stuck(pdu: Uint8Array, healthy: Uint8Array, faults: readonly Fault[]): Uint8Array {
    if (!faults.some(({ kind }) => kind === "stuck")) {
      this.#said.clear();
      return healthy;
    }
    if (!READ_FUNCTIONS.has(healthy[0] ?? 0)) return healthy;
    const asked = Buffer.from(pdu).toString("hex");
    const said = this.#said.get(asked) ?? healthy;
    if (this.#said.size < STUCK_READS_MAX) this.#said.set(asked, said);
    return said;
  }

  #execute(request: Request): Uint8Array {
    switch (request.functionCode) {
      case 1:
        return encodeBits(1, this.coils.read(request.first, request.count));
      case 2:
        return encodeBits(2, this.discreteInputs.read(request.first, request.count));
      case 3:
        return encodeRegisters(3, this.holdingRegisters.read(request.first, request.count));
      case 4:
        return encodeRegisters(4, this.inputRegisters.read(request.first, request.count));
      case 5:
        this.coils.write(request.address, [request.value]);
        return encodeEcho(5, request.address, request.value === 0 ? 0 : 0xff00);
      case 6:
        this.holdingRegisters.write(request.address, [request.value]);
        return encodeEcho(6, request.address, request.value);
      case 15:
        this.coils.write(request.first, request.values);
        return encodeEcho(15, request.first, request.values.length);
      case 16:
        this.holdingRegisters.write(request.first, request.values);
        return encodeEcho(16, request.first, request.values.length);
      case 22:
        return this.#mask(request.address, request.andMask, request.orMask);
      case 23:
        // read addresses first: a refused request must not have written
        this.holdingRegisters.read(request.first, request.count);
        this.holdingRegisters.write(request.writeFirst, request.values);
        return encodeRegisters(23, this.holdingRegisters.read(request.first, request.count));
      case 43:
        if (this.#identification === undefined) {
          throw new ModbusException(EXCEPTION_CODES.illegalFunction, "this device has no identification");
        }
        return readIdentification(this.#identification, request.readCode, request.objectId);
    }
  }

  #mask(address: number, andMask: number, orMask: number): Uint8Array {
    const [current = 0] = this.holdingRegisters.read(address, 1);
    this.holdingRegisters.write(address, [(current & andMask) | (orMask & ~andMask & 0xffff)]);
    return encodeEcho(22, address, andMask, orMask);
  }
}

const READ_FUNCTIONS = new Set([1, 2, 3, 4]);
/** More different reads than any poll plan has. */
const STUCK_READS_MAX = 1_000;
const BROADCAST_FUNCTIONS = new Set([5, 6, 15, 16, 22]);

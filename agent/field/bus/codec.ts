import { EventEmitter } from "node:events";
import type { Reply, Request } from "./request.ts";
import { crcOf } from "./crc.ts";
import { ModbusClient } from "./modbus-client.ts";
import type { Client, CodedError, Next, Result } from "./modbus-client.ts";

/**
 * Requests and replies as the ecosystem's library writes and reads them, one transaction at a time. Its port is ours and
 * its timeouts are off: when bytes go out, and which bytes are the answer, is decided before and after it.
 */
export class Codec {
  readonly #port = new Loopback();
  readonly #client: Client;
  #answered: { error: CodedError | null; result: Result | undefined } | undefined;

  constructor() {
    this.#client = new ModbusClient(this.#port);
    this.#client.open(() => {});
  }

  /** The request as a serial line carries it: unit id, PDU, CRC. */
  encode(request: Request): Buffer {
    // the library files transactions under this id and never removes one that got no answer: a small ring overwrites
    this.#port.take((this.#port._transactionIdWrite % TRANSACTIONS_KEPT) + 1);
    this.#write(request);
    const written = this.#port.written;
    if (written === undefined) throw new RangeError(`function ${request.function} cannot be encoded`);
    return written;
  }

  /** @param adu unit id, PDU, CRC: already known to be the answer to the latest request. Undefined: it does not parse */
  decode(adu: Buffer): Reply | undefined {
    this.#answered = undefined;
    const identity = adu[1] === IDENTITY ? moreFollows(adu) : undefined;
    try {
      this.#port.emit("data", identity?.last ?? adu);
    } catch {
      return undefined;
    }
    const answered = this.#taken();
    if (answered === undefined) return undefined;
    if (answered.error !== null) {
      const code = answered.error.modbusCode;
      return code === undefined ? undefined : { kind: "exception", code };
    }
    return asReply(adu, answered.result, identity?.next);
  }

  #taken(): { error: CodedError | null; result: Result | undefined } | undefined {
    return this.#answered;
  }

  #write(request: Request): void {
    const client = this.#client;
    const { unit } = request;
    const next: Next = (error, result) => {
      this.#answered = { error, result };
      // what it refuses to encode is a caller's mistake
      if (error !== null && error !== undefined && this.#port.written === undefined)
        throw new RangeError(error.message);
    };
    switch (request.function) {
      case 1:
        return client.writeFC1(unit, request.address, request.count, next);
      case 2:
        return client.writeFC2(unit, request.address, request.count, next);
      case 3:
        return client.writeFC3(unit, request.address, request.count, next);
      case 4:
        return client.writeFC4(unit, request.address, request.count, next);
      case 5:
        return client.writeFC5(unit, request.address, request.on, next);
      case 6:
        return client.writeFC6(unit, request.address, request.value, next);
      case 15:
        return client.writeFC15(unit, request.address, request.values, next);
      case 16:
        return client.writeFC16(unit, request.address, request.values, next);
      case 22:
        return client.writeFC22(unit, request.address, request.andMask, request.orMask, next);
      case 23: {
        const { values, writeAddress } = request;
        return client.writeFC23(unit, request.address, request.count, writeAddress, values.length, values, next);
      }
      case 43:
        return client.writeFC43(unit, request.access, request.object, next);
    }
  }
}

const TRANSACTIONS_KEPT = 4;
const IDENTITY = 43;

/** The library's end of the line: keeps what was written for the link, hands over what the link accepted. */
class Loopback extends EventEmitter {
  readonly isOpen = true;
  written: Buffer | undefined;
  // names the library reads and writes on its port
  _transactionIdRead = 1;
  _transactionIdWrite = 1;

  open(opened: () => void): void {
    opened();
  }
  write(adu: Buffer): void {
    this.written = adu;
  }
  take(id: number): void {
    this.written = undefined;
    this._transactionIdRead = id;
    this._transactionIdWrite = id;
  }
}

function asReply(adu: Buffer, result: Result | undefined, next: number | undefined): Reply | undefined {
  const code = adu[1] as number;
  if (code === IDENTITY) {
    const objects = new Map<number, string>();
    const data = (result?.data ?? {}) as Readonly<Record<string, string>>;
    for (const [id, text] of Object.entries(data)) objects.set(Number(id), text);
    const conformity = result?.conformityLevel ?? 0;
    return next === undefined
      ? { kind: "identity", objects, conformity }
      : { kind: "identity", objects, conformity, next };
  }
  if (code <= 4 || code === 23) return { kind: "data", bytes: adu.subarray(3, 3 + (adu[2] as number)) };
  return { kind: "done" };
}

/** The library would ask for the rest by itself, in the middle of decoding: it is told that this was the last part. */
function moreFollows(adu: Buffer): { last: Buffer; next: number | undefined } {
  const [more, next] = [adu[MORE_FOLLOWS] ?? 0, adu[NEXT_OBJECT] ?? 0];
  if (more === 0) return { last: adu, next: undefined };
  const last = Buffer.from(adu);
  last[MORE_FOLLOWS] = 0;
  last[NEXT_OBJECT] = 0;
  last.writeUInt16LE(crcOf(last, 0, last.length - 2), last.length - 2);
  return { last, next };
}

const MORE_FOLLOWS = 5;
const NEXT_OBJECT = 6;

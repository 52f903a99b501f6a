import type { ReadRequest } from "../requests/plan.ts";
import { replyBytes } from "../requests/plan.ts";
import type { BusSnapshot, DeviceSnapshot, ScalarSnapshot } from "../snapshot.ts";
import { wireOf } from "./wire.ts";

/** Function, first address, count. @see Modbus application protocol V1.1b3 §6 */
const READ_PDU_BYTES = 5;
/** Function, byte count; the data comes on top. */
const REPLY_PDU_BYTES = 2;
/** Function, address, value; functions 15 and 16 confirm with as much. */
const SINGLE_PDU_BYTES = 5;
/** Function, address, two masks, in both directions. */
const MASK_PDU_BYTES = 7;
/** Function, first address, count, byte count; the values come on top. */
const MULTIPLE_PDU_BYTES = 6;
/** No exchange over TCP is shorter than this, not even on loopback. */
const TCP_EXCHANGE_MS_MIN = 0.1;
/** Pause between the characters of one answer that is still heard to its end; ASCII lets devices take a second. */
const STALLED_MS = { rtu: 30, ascii: 1_000, mbap: 0 } as const;
/** What the gateway itself takes for one request and its answer, on the slowest machine it runs on. */
const OWN_MS = 5;

/** What one question and its answer are, in bytes of PDU. */
export interface Exchange {
  readonly requestBytes: number;
  readonly replyBytes: number;
}

export function readExchange(request: ReadRequest): Exchange {
  return { requestBytes: READ_PDU_BYTES, replyBytes: REPLY_PDU_BYTES + replyBytes(request) };
}

/** The write of one output. */
export function writeExchange({ table, count, output }: ScalarSnapshot): Exchange {
  const data = table === "coil" ? 1 : 2 * count;
  switch (output?.write) {
    case "mask":
      return { requestBytes: MASK_PDU_BYTES, replyBytes: MASK_PDU_BYTES };
    case "multiple":
      return { requestBytes: MULTIPLE_PDU_BYTES + data, replyBytes: SINGLE_PDU_BYTES };
    default:
      return { requestBytes: SINGLE_PDU_BYTES, replyBytes: SINGLE_PDU_BYTES };
  }
}

/** What an exchange takes of a line or socket, milliseconds. */
export interface ExchangeTime {
  /** from the first character of the request to the last of the answer: what `status` counts as load */
  readonly busyMs: number;
  /** silence before the request, in which nobody else may talk either */
  readonly silenceMs: number;
}

/** @param answerMs what the device takes to answer, beyond the line's own silence; 0 for the least possible */
export function exchangeTime(
  { transport }: BusSnapshot,
  { requestGapMs }: Pick<DeviceSnapshot, "requestGapMs">,
  exchange: Exchange,
  answerMs: number,
): ExchangeTime {
  const wire = wireOf(transport);
  const charactersMs = wire.frameMs(exchange.requestBytes) + wire.frameMs(exchange.replyBytes);
  const leastMs = transport.kind === "tcp" ? TCP_EXCHANGE_MS_MIN : 0;
  return {
    busyMs: Math.max(leastMs, charactersMs + wire.silenceMs + answerMs),
    silenceMs: wire.silenceMs + requestGapMs,
  };
}

/** Longest an exchange with a device can take, whether it answers in the last moment or not at all. */
export function exchangeMsMax(
  { transport }: BusSnapshot,
  { requestGapMs, timeoutMs }: Pick<DeviceSnapshot, "requestGapMs" | "timeoutMs">,
  exchange: Exchange,
): number {
  const wire = wireOf(transport);
  // on a socket the pause itself may begin as late as the pause is long
  const stalledMs = (transport.kind === "tcp" ? 2 : 1) * STALLED_MS[transport.framing];
  const beforeMs = wire.silenceMs + requestGapMs + wire.frameMs(exchange.requestBytes);
  return beforeMs + timeoutMs + stalledMs + wire.frameMs(exchange.replyBytes) + OWN_MS;
}

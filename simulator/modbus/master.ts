import type { Clock } from "../../hal/clock.ts";
import { every } from "../../hal/clock.ts";
import type { SerialLine } from "../../hal/serial.ts";
import type { Wire } from "../wire.ts";
import { encodeAscii } from "./ascii-frame.ts";
import { encodeRtu, frameSilenceMs } from "./rtu-frame.ts";

/** One question of a foreign master, as PDU. */
export interface MasterRequest {
  readonly unit: number;
  readonly pdu: Uint8Array;
}

export interface RtuMaster extends Disposable {
  /** Asks once, as soon as the line is silent. */
  ask(request: MasterRequest): void;
  /** Asks again and again. */
  poll(request: MasterRequest, everyMs: number): Disposable;
  readonly counters: { asked: number; heardBytes: number };
}

/** A read or single write: function, address, and count or value. */
export function shortPdu(code: number, address: number, word: number): Uint8Array {
  return Uint8Array.of(code, address >> 8, address & 0xff, word >> 8, word & 0xff);
}

/** Waits its turn at most so long: a line that is never silent is nobody's. */
const PATIENCE_MS = 2_000;
/** Silence beyond T3.5 before it speaks, so that an answer that is coming has begun. */
const COURTESY_MS = 30;

/** Another master on a line, as a second SCADA or a technician's laptop: it waits for silence and asks. */
export function rtuMaster({
  clock,
  wire,
  line,
  framing = "rtu",
}: {
  readonly clock: Clock;
  readonly wire: Wire;
  readonly line: Pick<SerialLine, "baudRate" | "parity" | "dataBits" | "stopBits">;
  readonly framing?: "rtu" | "ascii";
}): RtuMaster {
  const counters = { asked: 0, heardBytes: 0 };
  const pauseMs = frameSilenceMs(line) + COURTESY_MS;
  const polls = new DisposableStack();
  let lastMs = Number.NEGATIVE_INFINITY;
  let open = true;
  wire.receive((chunk, endMs = clock.monotonicMs()) => {
    counters.heardBytes += chunk.length;
    lastMs = endMs;
  });
  const attempt = (request: MasterRequest, untilMs: number): void => {
    if (!open) return;
    const nowMs = clock.monotonicMs();
    const waitMs = lastMs + pauseMs - nowMs;
    if (waitMs > 0) {
      if (nowMs < untilMs) clock.after(waitMs, () => attempt(request, untilMs));
      return;
    }
    counters.asked++;
    lastMs = nowMs;
    wire.send(framing === "ascii" ? encodeAscii(request) : encodeRtu(request));
  };
  const ask = (request: MasterRequest): void => attempt(request, clock.monotonicMs() + PATIENCE_MS);
  return {
    ask,
    poll: (request, everyMs) => polls.use(every(clock, everyMs, () => ask(request))),
    counters,
    [Symbol.dispose]() {
      open = false;
      polls.dispose();
    },
  };
}

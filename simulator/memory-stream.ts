import { Duplex } from "node:stream";
import type { Clock } from "../hal/clock.ts";

/** Bytes one side may have under way before its writes wait: what two kernels' socket buffers hold. */
const WINDOW_BYTES = 65_536;

/** How the streams of a connection behave; read at every step, so that it may change while they are open. */
export interface Link {
  /** one way */
  readonly latencyMs: number;
  /** nothing passes and nothing is lost: what is sent meanwhile arrives once this ends */
  readonly held: boolean;
  /** no chunk that arrives is longer, so that a reader that trusts chunk borders is caught */
  readonly segmentBytes: number;
  /** Something is handed over at either end, in one piece. */
  sent(bytes: number): void;
  /** Something arrives. */
  passed(): void;
}

/** Two connected streams that behave as the two ends of one socket do. */
export function memoryStreams(clock: Clock, link: Link): [MemoryStream, MemoryStream] {
  const near = new MemoryStream(clock, link);
  const far = new MemoryStream(clock, link);
  near.peer = far;
  far.peer = near;
  return [near, far];
}

type Done = (error?: Error | null) => void;

/** A chunk under way, or null: the end. */
interface Sent {
  readonly chunk: Buffer | null;
  readonly arrivesMs: number;
}

/** One end. What it is given travels to its peer, in order, as fast as the peer reads. */
export class MemoryStream extends Duplex {
  readonly #clock: Clock;
  readonly #link: Link;
  #sent: Sent[] = [];
  #sentBytes = 0;
  /** the write that waits for room in the window */
  #waiting: Done | undefined;
  #hungry = false;
  #arming = false;
  peer: MemoryStream | undefined;
  /** as a socket counts: what was taken from the peer, and what was handed to the link */
  bytesRead = 0;
  bytesWritten = 0;
  localAddress: string | undefined;
  remoteAddress: string | undefined;

  constructor(clock: Clock, link: Link) {
    super();
    this.#clock = clock;
    this.#link = link;
    // Whoever holds the stream may not have attached a listener yet when the other side breaks it.
    this.on("error", () => {});
    // A socket that has heard the end says goodbye too, but only after its reader had the chance to say something.
    this.once("end", () => setImmediate(() => this.end()));
  }

  /** Breaks this end as a reset does; what was under way is lost. */
  reset(): void {
    this.#sent = [];
    this.destroy(brokenBy("ECONNRESET", "read ECONNRESET"));
  }

  /** Delivers what may be delivered: the peer reads again, or the link no longer holds. */
  proceed(): void {
    const first = this.#sent[0];
    if (first === undefined || this.#arming || this.#link.held) return;
    this.#arming = true;
    const step = (): void => {
      this.#arming = false;
      this.#deliver();
    };
    const leftMs = first.arrivesMs - this.#clock.monotonicMs();
    if (leftMs > 0) this.#clock.after(leftMs, step);
    else setImmediate(step);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (this.peer?.destroyed !== false) {
      // A kernel takes the bytes; the answer to them is a reset, unless this end is closed by then.
      this.#resetSoon();
      setImmediate(done);
      return;
    }
    // The sender may reuse its buffer as soon as a socket has taken the bytes.
    const bytes = Buffer.from(chunk);
    this.bytesWritten += bytes.length;
    this.#link.sent(bytes.length);
    for (let at = 0; at < bytes.length; at += this.#link.segmentBytes) {
      this.#send(bytes.subarray(at, at + this.#link.segmentBytes));
    }
    this.#sentBytes += bytes.length;
    if (this.#sentBytes < WINDOW_BYTES) setImmediate(done);
    else this.#waiting = done;
    this.proceed();
  }

  override _final(done: Done): void {
    this.#send(null);
    this.proceed();
    done();
  }

  override _read(): void {
    this.#hungry = true;
    this.peer?.proceed();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#release(brokenBy("ECONNRESET", "closed"));
    // What was written before still arrives, and then the end.
    this.#send(null);
    this.proceed();
    done(error);
  }

  #send(chunk: Buffer | null): void {
    this.#sent.push({ chunk, arrivesMs: this.#clock.monotonicMs() + this.#link.latencyMs });
  }

  #resetSoon(): void {
    const reset = (): void => {
      if (!this.destroyed && !this.writableFinished) this.reset();
    };
    if (this.#link.latencyMs > 0) this.#clock.after(2 * this.#link.latencyMs, reset);
    else setImmediate(() => setImmediate(reset));
  }

  #deliver(): void {
    const peer = this.peer;
    if (peer?.destroyed !== false) {
      if (this.#sent.some(({ chunk }) => chunk !== null)) this.#resetSoon();
      this.#sent = [];
      return;
    }
    while (this.#mayDeliver(peer)) {
      const chunk = this.#sent.shift()?.chunk ?? null;
      this.#sentBytes -= chunk?.length ?? 0;
      this.#link.passed();
      peer.bytesRead += chunk?.length ?? 0;
      // After the end has been pushed once, a second one (destroyed after its end) is not news.
      if (chunk !== null || !peer.readableEnded) peer.#hungry = peer.push(chunk);
    }
    if (this.#sentBytes < WINDOW_BYTES) this.#release();
    const first = this.#sent[0];
    if (first !== undefined && first.arrivesMs > this.#clock.monotonicMs()) this.proceed();
  }

  #mayDeliver(peer: MemoryStream): boolean {
    const first = this.#sent[0];
    if (first === undefined || this.#link.held || first.arrivesMs > this.#clock.monotonicMs()) return false;
    return peer.#hungry || first.chunk === null;
  }

  #release(error?: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(error);
  }
}

function brokenBy(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

import type { HeardReply, HeardRequest } from "./heard-pdu.ts";
import type { HeardFrame } from "./line-ear.ts";
import { OwedAnswers } from "./owed-answers.ts";
import { OwnRequests } from "./own-requests.ts";

/** A question of somebody else that nobody answered by then is not answered any more. */
const FOREIGN_REPLY_MS = 5_000;
/** From the end of our own bytes to the end of their echo: adapters hold characters back for up to 16 ms. */
const ECHO_MS = 25;
const BROADCAST_UNIT = 0;

/** What was made out of the frames on a line. */
export interface ConversationListener {
  /** Our own question came back from the line, as half-duplex adapters give it. */
  echo(): void;
  /** A read of ours was answered without coming back before. */
  unechoed(): void;
  /** Somebody else asked. @param planned whether we ask just the same */
  asked(request: HeardRequest, planned: boolean): void;
  /** Somebody else's question was answered. */
  answered(request: HeardRequest, reply: HeardReply, tookMs: number): void;
  /** `reply` came while `asked`, of another unit, had our question to answer. */
  answeredForAnother(asked: HeardRequest, reply: HeardReply): void;
  /** The answer to our question has another length than it asked for. */
  misfit(request: HeardRequest, replyBytes: number): void;
  /** An answer to a question that nobody was heard asking. */
  stray(reply: HeardReply): void;
}

interface Question {
  readonly request: HeardRequest;
  readonly adu: Buffer;
  readonly ours: boolean;
  readonly endMs: number;
  answered: boolean;
  echoed: boolean;
}

/**
 * Who says what to whom on a serial line. A frame accuses somebody only where nothing of ours explains it: not an answer,
 * late or twice, to anything we ask, and not our own bytes coming back.
 */
export class Conversation {
  readonly #listener: ConversationListener;
  readonly #own = new OwnRequests();
  #latest: Question | undefined;
  readonly #owed = new OwedAnswers();

  constructor(listener: ConversationListener) {
    this.#listener = listener;
  }

  /** A question of ours is on its way. @param endMs when its last byte has left */
  sent(frame: HeardFrame, endMs: number): void {
    if (frame.request === undefined) return;
    this.#own.add(frame.request, frame.adu);
    if (frame.request.unit !== BROADCAST_UNIT) this.#owed.asked(frame.request.unit, endMs);
    this.#latest = { request: frame.request, adu: frame.adu, ours: true, endMs, answered: false, echoed: false };
  }

  heard(frame: HeardFrame): void {
    const { reply, request } = frame;
    const latest = this.#latest;
    if (latest?.ours === true && isEcho(latest, frame)) {
      latest.echoed = true;
      return this.#listener.echo();
    }
    if (reply !== undefined && this.#isAnswer(latest, frame, reply)) return;
    if (reply !== undefined && this.#isLate(latest, frame, reply)) return;
    if (this.#isCutAnswer(latest, frame)) return;
    if (request !== undefined) return this.#onForeign(frame, request);
    if (reply !== undefined) this.#onStray(latest, frame, reply);
  }

  #isAnswer(latest: Question | undefined, frame: HeardFrame, reply: HeardReply): boolean {
    if (latest === undefined || latest.answered) return false;
    const { request } = latest;
    if (request.unit !== reply.unit || request.function !== reply.function) return false;
    if (!latest.ours && frame.endMs - latest.endMs > FOREIGN_REPLY_MS) return false;
    const fits = reply.exception !== undefined || (request.replyBytes ?? frame.adu.length) === frame.adu.length;
    // with the wrong length it may answer something that we asked before
    if (!fits && (!latest.ours || this.#own.explains(reply, frame.adu))) return false;
    latest.answered = true;
    if (latest.ours) this.#owed.answered(request.unit);
    if (latest.ours && !latest.echoed && !request.write) this.#listener.unechoed();
    if (!fits) this.#listener.misfit(request, frame.adu.length);
    else if (!latest.ours) this.#listener.answered(request, reply, frame.endMs - latest.endMs);
    return true;
  }

  /**
   * An answer to something we asked before, or the latest answer once more. A unit that owes nothing and speaks up while
   * another one is asked is not late.
   */
  #isLate(latest: Question | undefined, { adu, endMs }: HeardFrame, reply: HeardReply): boolean {
    if (!this.#own.explains(reply, adu)) return false;
    return (
      this.#owed.paid(reply.unit, endMs) ||
      latest?.ours !== true ||
      latest.answered ||
      latest.request.unit === reply.unit
    );
  }

  #onForeign(frame: HeardFrame, request: HeardRequest): void {
    const { adu, endMs } = frame;
    this.#latest = { request, adu, ours: false, endMs, answered: request.unit === BROADCAST_UNIT, echoed: false };
    this.#listener.asked(request, this.#own.has(adu));
  }

  /**
   * A right checksum around an answer of a wrong length: shaped as nothing at all, or by chance as a question. Whoever
   * owes an answer is believed to have tried.
   */
  #isCutAnswer(latest: Question | undefined, { adu, request, reply, endMs }: HeardFrame): boolean {
    const unit = adu[0] as number;
    const shapeless = request === undefined && reply === undefined;
    if (!shapeless && !this.#own.beginsAsAnswer(adu)) return false;
    if (latest?.ours === true && !latest.answered && latest.request.unit === unit && latest.adu[1] === adu[1]) {
      latest.answered = true;
      this.#owed.answered(unit);
      this.#listener.misfit(latest.request, adu.length);
      return true;
    }
    return shapeless || this.#owed.owes(unit, endMs);
  }

  #onStray(latest: Question | undefined, frame: HeardFrame, reply: HeardReply): void {
    const inPlace =
      latest?.ours === true &&
      !latest.answered &&
      latest.request.function === reply.function &&
      reply.exception === undefined &&
      latest.request.replyBytes === frame.adu.length;
    if (inPlace) this.#listener.answeredForAnother(latest.request, reply);
    else this.#listener.stray(reply);
  }
}

/** Of a read: the answer to a write is the same bytes, and then nothing is to be told. */
function isEcho(latest: Question, { adu, endMs, reply }: HeardFrame): boolean {
  if (latest.echoed || endMs > latest.endMs + ECHO_MS || !adu.equals(latest.adu)) return false;
  return reply === undefined || !latest.request.write;
}

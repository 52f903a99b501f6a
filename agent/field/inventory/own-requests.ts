import type { HeardReply, HeardRequest } from "./heard-pdu.ts";

/** Distinct questions of ours remembered for one unit: more than any plan has; the longest unused goes first. */
const PER_UNIT_MAX = 128;

/** What we ask on one bus: whatever could be the answer to any of it, however late, accuses nobody. */
export class OwnRequests {
  readonly #units = new Map<number, Map<string, { readonly request: HeardRequest; readonly adu: Buffer }>>();

  add(request: HeardRequest, adu: Buffer): void {
    const asked = this.#units.get(request.unit) ?? new Map<string, { request: HeardRequest; adu: Buffer }>();
    this.#units.set(request.unit, asked);
    const key = adu.toString("latin1");
    if (!asked.delete(key) && asked.size >= PER_UNIT_MAX) {
      for (const oldest of asked.keys()) {
        asked.delete(oldest);
        break;
      }
    }
    asked.set(key, { request, adu });
  }

  /** Whether we ask just this. */
  has(adu: Buffer): boolean {
    return this.#units.get(adu[0] as number)?.has(adu.toString("latin1")) === true;
  }

  /** Whether this answers, or may answer late or twice, something that we asked. */
  explains(reply: HeardReply, adu: Buffer): boolean {
    const asked = this.#units.get(reply.unit);
    if (asked === undefined) return false;
    for (const { request, adu: question } of asked.values()) {
      if (request.function !== reply.function) continue;
      if (reply.exception !== undefined) return true;
      if (request.write ? echoes(adu, question) : (request.replyBytes ?? adu.length) === adu.length) return true;
    }
    return false;
  }

  /** Whether this begins like an answer to a read of ours and has another length: cut short, it may look like a question. */
  beginsAsAnswer(adu: Buffer): boolean {
    const asked = this.#units.get(adu[0] as number);
    if (asked === undefined) return false;
    for (const { request } of asked.values()) {
      if (
        request.function === adu[1] &&
        !request.write &&
        request.replyBytes === (adu[2] as number) + READ_AROUND_BYTES
      )
        return true;
    }
    return false;
  }
}

/** Unit id, function, byte count, checksum. */
const READ_AROUND_BYTES = 5;

/** The answer to a write repeats its address, and its value or quantity. */
function echoes(answer: Buffer, question: Buffer): boolean {
  const bytes = Math.min(answer.length, question.length) - 2;
  return question[1] === 23 || answer.subarray(0, bytes).equals(question.subarray(0, bytes));
}

/** An answer that has not come by then is not coming any more: devices and serial servers hold back no longer. */
const OWED_MS = 30_000;
/** Answers that one unit may owe at a time: what is older than so many questions is not coming any more. */
const OWED_MAX = 8;

/** Questions of ours that nobody has answered yet, by unit: so many answers may still come, however late. */
export class OwedAnswers {
  /** when each was asked, oldest first; monotonic */
  readonly #asked = new Map<number, number[]>();

  asked(unit: number, atMs: number): void {
    const asked = this.#asked.get(unit) ?? [];
    asked.push(atMs);
    if (asked.length > OWED_MAX) asked.shift();
    this.#asked.set(unit, asked);
  }

  /** The latest question was answered. What it was asked before it may still answer, too. */
  answered(unit: number): void {
    this.#asked.get(unit)?.pop();
  }

  owes(unit: number, nowMs: number): boolean {
    return this.#waiting(unit, nowMs).length > 0;
  }

  /** One of the answers came, late. @returns whether one was owed */
  paid(unit: number, nowMs: number): boolean {
    return this.#waiting(unit, nowMs).shift() !== undefined;
  }

  #waiting(unit: number, nowMs: number): number[] {
    const asked = this.#asked.get(unit) ?? [];
    while (nowMs - (asked[0] ?? nowMs) > OWED_MS) asked.shift();
    return asked;
  }
}

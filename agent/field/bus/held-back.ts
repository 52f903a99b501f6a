/** Somebody else talks without a pause for so long: nothing can be asked, and that is worth saying. */
const OCCUPIED_MS_MAX = 2_000;

/** How long a request has been held back by a line that does not fall silent. */
export class HeldBack {
  #sinceMs: number | undefined;

  /** Nothing is held back. */
  end(): void {
    this.#sinceMs = undefined;
  }

  /** It still is. @param gapMs of silence that the request itself wants @returns true once in a while when that is too long */
  goesOn(gapMs: number, nowMs: number): boolean {
    this.#sinceMs ??= nowMs;
    if (nowMs - this.#sinceMs <= OCCUPIED_MS_MAX + gapMs) return false;
    this.#sinceMs = nowMs;
    return true;
  }
}

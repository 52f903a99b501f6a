/** Reads in a row that came back, or did not, and make that the line's habit. */
const READS_ENOUGH = 3;

/** Whether a line gives back what is sent on it, as half-duplex adapters do. One damaged echo changes nothing. */
export class EchoHabit {
  echoing = false;
  /** reads in a row that say otherwise */
  #contrary = READS_ENOUGH - 1;

  /** The line was opened: it may have another adapter now, and the first read tells. */
  opened(): void {
    this.#contrary = READS_ENOUGH - 1;
  }

  /** A read was answered. @param echo whether it had come back before @returns true where that changed the habit */
  saw(echo: boolean): boolean {
    this.#contrary = echo === this.echoing ? 0 : this.#contrary + 1;
    if (this.#contrary < READS_ENOUGH) return false;
    this.#contrary = 0;
    this.echoing = echo;
    return true;
  }
}

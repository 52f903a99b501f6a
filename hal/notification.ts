/** Longest text of a status line, in bytes of UTF-8: one line on one screen. */
export const STATUS_BYTES_MAX = 200;

/**
 * The service manager that started this process, as far as it wants to hear from it. Nothing here throws or waits:
 * whether anybody listens is no concern of the work.
 */
export interface Notification {
  /** How long the manager waits for a sign of life before it starts the process anew; undefined where it does not watch. */
  readonly watchdogMs: number | undefined;
  /** Started, and doing what it is for. */
  ready(): void;
  /** How it goes, one line for a person; a later one replaces it. Control characters are taken out, the rest cut to {@link STATUS_BYTES_MAX}. */
  status(text: string): void;
  /** A sign of life. */
  alive(): void;
  /** Leaving, and not by mistake. */
  stopping(): void;
}

/** The text as one line: whatever is in it cannot pass for a message of its own. */
export function statusLine(text: string): string {
  const line = text.replaceAll(/\p{Cc}+/gu, " ").trim();
  let bytes = 0;
  let kept = "";
  for (const character of line) {
    bytes += Buffer.byteLength(character);
    if (bytes > STATUS_BYTES_MAX) break;
    kept += character;
  }
  return kept;
}

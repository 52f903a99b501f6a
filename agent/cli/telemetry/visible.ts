/**
 * What must not reach a terminal as it is: control characters, which move its cursor or talk back, and marks that turn
 * the direction of text around, so that it reads otherwise than it is.
 */
const HOSTILE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text of somebody else for people: what is hostile in it is written out. */
export function visible(text: string): string {
  return text.replaceAll(HOSTILE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** JSON on one line without what JSON itself lets through: it means the same. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    HOSTILE,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

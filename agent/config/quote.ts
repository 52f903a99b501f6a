const QUOTED_CHARS_MAX = 60;
/** Controls, line separators and marks that reorder text: harmless in a file, misleading on a terminal. */
const MISLEADING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const SECRET_KEY = /((?:password|passphrase|passwd|secret|token)\w*["']?\s*[:=]\s*)(\S.*)$/giu;

/** What somebody wrote, as it may be shown in a message: in quotes, cut, nothing in it that a terminal would obey. */
export function quote(text: string): string {
  const whole = withoutSecrets(text.toWellFormed());
  const characters = whole.length > QUOTED_CHARS_MAX ? `${cut(whole, QUOTED_CHARS_MAX)}…` : whole;
  return JSON.stringify(characters).replace(MISLEADING, escape);
}

/** One line of a file, character for character, with whatever a terminal would obey replaced. */
export function shown(line: string): string {
  return withoutSecrets(line.toWellFormed()).replaceAll("\t", " ").replace(MISLEADING, "\ufffd");
}

/** At most `charsMax` UTF-16 units, never half a character. */
export function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const last = text.charCodeAt(charsMax - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? charsMax - 1 : charsMax);
}

/** Credentials in addresses, and whatever follows a key named after a secret, character for character. */
function withoutSecrets(text: string): string {
  const stars = (_whole: string, before: string, secret: string): string => before + "*".repeat(secret.length);
  return text.replace(/(:\/\/)(\S*)(?=@)/gu, stars).replace(SECRET_KEY, stars);
}

function escape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

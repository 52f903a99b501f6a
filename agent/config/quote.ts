const QUOTED_CHARS_MAX = 60;
/** Controls, line separators and marks that reorder text: harmless in a file, misleading on a terminal. */
const MISLEADING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Keys that are called after a secret, however they are spelt: `pasword`, `pwd`, `secret_key`. */
const SECRET_KEY = /((?:pass|pasw|psw|pwd|secret|token|signature)[\w-]{0,40}["']?\s*[:=]\s*)(\S.*)$/giu;

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

/** Credentials and queries in addresses, and whatever follows a key named after a secret, character for character. */
function withoutSecrets(text: string): string {
  return text
    .replace(/\S+/gu, (word) => withoutQuery(withoutCredentials(word)))
    .replace(SECRET_KEY, (_whole, before: string, secret: string) => before + "*".repeat(secret.length));
}

/** What stands before the @ of an address; without a scheme, what stands behind the user name. */
function withoutCredentials(word: string): string {
  const end = word.lastIndexOf("@");
  const scheme = word.indexOf("://");
  const begin = scheme < 0 || scheme > end ? word.indexOf(":") + 1 : scheme + "://".length;
  return begin === 0 || begin >= end ? word : starred(word, begin, end);
}

/** Tokens travel in the query of an address. */
function withoutQuery(word: string): string {
  const scheme = word.indexOf("://");
  const query = scheme < 0 ? -1 : word.indexOf("?", scheme);
  return query < 0 ? word : starred(word, query + 1, word.length);
}

function starred(text: string, begin: number, end: number): string {
  return text.slice(0, begin) + "*".repeat(end - begin) + text.slice(end);
}

function escape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

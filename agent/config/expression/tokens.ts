import { STRING_VALUE_CHARS_MAX } from "../../contract/telemetry.ts";
import { EXPRESSION_CHARS_MAX } from "../snapshot/expression.ts";
import { quote } from "../quote.ts";
import { refuse } from "./fault.ts";

export type Token =
  | { readonly kind: "number"; readonly at: number; readonly value: number }
  | { readonly kind: "text"; readonly at: number; readonly value: string }
  | { readonly kind: "point"; readonly at: number; readonly ref: string }
  | { readonly kind: "word"; readonly at: number; readonly word: string }
  | { readonly kind: "sign"; readonly at: number; readonly sign: string }
  | { readonly kind: "end"; readonly at: number };

const SPACE = /[ \t\r\n]*/uy;
const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?/uy;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/uy;
const POINT = /\[([^\]]*)\]/uy;
const TEXT = /'((?:[^']|'')*)'/uy;
const SIGN = /<=|>=|==|!=|[-+*/%<>(),]/uy;
const NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
const REF = new RegExp(`^${NAME}/${NAME}$`, "u");

/** What people write who know another language, and what to write here. */
const ELSEWHERE: readonly (readonly [string, string])[] = [
  ["&&", "and"],
  ["||", "or"],
  ["<>", "!="],
  ["!", "not"],
  ["=", "=="],
  ["≤", "<="],
  ["≥", ">="],
  ["≠", "!="],
  ["×", "*"],
  ["·", "*"],
  ["^", "a product, such as [a/x] * [a/x]"],
];

/** An expression cut into its words. @throws {ExpressionError} at the first character that belongs to none */
export function tokens(text: string): readonly Token[] {
  if (text.length > EXPRESSION_CHARS_MAX) {
    const message = `the expression has ${text.length} characters, ${EXPRESSION_CHARS_MAX} at most`;
    refuse(EXPRESSION_CHARS_MAX, message, "give parts of it names of their own under `derived`");
  }
  const found: Token[] = [];
  let at = match(SPACE, text, 0).end;
  while (at < text.length) {
    const { token, end } = tokenAt(text, at);
    found.push(token);
    at = match(SPACE, text, end).end;
  }
  found.push({ kind: "end", at });
  return found;
}

function tokenAt(text: string, at: number): { readonly token: Token; readonly end: number } {
  const char = text[at] as string;
  if (text.startsWith("<>", at)) return foreign(text, at);
  if (char === "[") return pointAt(text, at);
  if (char === "'") {
    const { whole, inner, end } = match(TEXT, text, at);
    if (whole === "") refuse(at, "this text does not end", "close it with ' (a ' within the text is written twice)");
    const value = inner.replaceAll("''", "'");
    if (value.length > STRING_VALUE_CHARS_MAX) {
      const message = `this text has ${value.length} characters, a value ${STRING_VALUE_CHARS_MAX} at most`;
      refuse(at, message, "write a shorter text");
    }
    return { token: { kind: "text", at, value }, end };
  }
  const number = match(NUMBER, text, at);
  if (number.whole !== "") return { token: numberToken(text, at, number), end: number.end };
  const word = match(WORD, text, at);
  if (word.whole !== "") return { token: { kind: "word", at, word: word.whole }, end: word.end };
  const sign = match(SIGN, text, at);
  if (sign.whole !== "") return { token: { kind: "sign", at, sign: sign.whole }, end: sign.end };
  return foreign(text, at);
}

function pointAt(text: string, at: number): { readonly token: Token; readonly end: number } {
  const { whole, inner, end } = match(POINT, text, at);
  if (whole === "") refuse(at, "this point does not end", "close it with ], as in [device/point]");
  const ref = inner.trim();
  if (!REF.test(ref)) refuse(at, `${quote(whole)} names no point`, "write device and point: [device/point]");
  return { token: { kind: "point", at, ref }, end };
}

function numberToken(text: string, at: number, { whole, end }: Match): Token {
  const value = Number(whole);
  if (!Number.isFinite(value)) refuse(at, `${whole} is larger than a number can be`, "write a smaller number");
  if (/[A-Za-z_]/u.test(text[end] ?? "")) {
    const unit = match(WORD, text, end).whole;
    refuse(end, `${quote(unit)} follows a number`, `write the number without ${quote(unit)}`);
  }
  return { kind: "number", at, value };
}

function foreign(text: string, at: number): never {
  const known = ELSEWHERE.find(([spelled]) => text.startsWith(spelled, at));
  if (known !== undefined) refuse(at, `${quote(known[0])} is not of this language`, `write ${known[1]}`);
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (char === '"') refuse(at, "texts stand in single quotes here", "write 'text'");
  return refuse(at, `${quote(char)} has no meaning here`, "write numbers, points as [device/point], operators, calls");
}

interface Match {
  readonly whole: string;
  readonly inner: string;
  readonly end: number;
}

function match(pattern: RegExp, text: string, at: number): Match {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return { whole: found?.[0] ?? "", inner: found?.[1] ?? "", end: at + (found?.[0]?.length ?? 0) };
}

import { cut } from "../../config/quote.ts";

const CHARS_MAX = 120;
/** Controls, line separators and marks that reorder text: harmless on the wire, misleading on a terminal. */
const MISLEADING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * What a broker or a proxy said, as it may stand in a log, a status or on a terminal: in quotes and cut.
 * @param secrets that it was told, and may have repeated
 */
export function foreignText(text: string, secrets: readonly (string | undefined)[] = []): string {
  const told = secrets.filter((secret) => secret !== undefined && secret !== "") as string[];
  return JSON.stringify(harmless(told.reduce((left, secret) => left.replaceAll(secret, "***"), text)));
}

/** The same without quotes. */
export function harmless(text: string): string {
  const short = cut(text.toWellFormed(), CHARS_MAX);
  return `${short}${short.length < text.length ? "…" : ""}`.replace(MISLEADING, "\ufffd");
}

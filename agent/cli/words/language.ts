import { LANGUAGES } from "./phrase.ts";
import type { Language } from "./phrase.ts";

/** The language asked for, or else the one of the terminal, or else English. Undefined: asked for one there is not. */
export function languageOf(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Language | undefined {
  if (asked !== undefined) return LANGUAGES.find((language) => language === asked);
  // the first that is set decides, whatever the others say. @see locale(7)
  const locale = [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return LANGUAGES.find((language) => locale?.toLowerCase().startsWith(language)) ?? "en";
}

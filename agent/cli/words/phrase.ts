export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

/** One thing to say, in every language there is; `{name}` stands for a fact. */
export type Phrase = Readonly<Record<Language, string>>;
export type Facts = Readonly<Record<string, string | number>>;

/** Says a phrase in one language. A fact that is not given stays in braces, which a reader notices. */
export type Say = (phrase: Phrase, facts?: Facts) => string;

export function speaker(language: Language): Say {
  return (phrase, facts = {}) =>
    phrase[language].replace(/\{(\w+)\}/gu, (whole, name: string) => String(facts[name] ?? whole));
}

import type { Phrase } from "./phrase.ts";

/** The frame around causes and evidence. */
export const WHY = {
  allWell: { en: "Nothing is wrong.", de: "Alles in Ordnung." },
  nothingOf: { en: "Nothing is wrong with {subject}.", de: "Mit {subject} ist alles in Ordnung." },
  known: { en: "What is wrong: {subjects}", de: "Nicht in Ordnung: {subjects}" },
  unknown: { en: "nothing here is called {name}", de: "hier heißt nichts {name}" },
  near: { en: "did you mean {name}?", de: "ist {name} gemeint?" },
  since: { en: "since {time}", de: "seit {time}" },
  seen: { en: "seen", de: "Befund" },
  next: { en: "next", de: "Abhilfe" },
  hint: {
    en: "`holdfast why` explains what is red: {subjects}",
    de: "`holdfast why` erklärt, was rot ist: {subjects}",
  },
} as const satisfies Readonly<Record<string, Phrase>>;

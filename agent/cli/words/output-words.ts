import type { Phrase } from "./phrase.ts";

/** What `holdfast outputs` says; states, codes and names stay as they are everywhere. */
export const OUTPUTS = {
  none: {
    en: "the running configuration declares no output",
    de: "die laufende Konfiguration deklariert keinen Ausgang",
  },
  written: { en: "  written {value}", de: "  geschrieben {value}" },
  all: { en: "all outputs", de: "alle Ausgänge" },
  noReason: { en: "no reason given", de: "kein Grund genannt" },
  held: { en: "held", de: "festgehalten" },
  heldBy: { en: " by {by} since {time}: {reason} ({outputs})", de: " von {by} seit {time}: {reason} ({outputs})" },
  plan: { en: "plan", de: "Plan" },
  due: { en: ", due by {trigger} since {time}", de: ", ausgelöst durch {trigger} seit {time}" },
  took: { en: ", took {ms} ms", de: ", dauerte {ms} ms" },
  atMost: { en: " ({ms} ms at most)", de: " (höchstens {ms} ms)" },
  warning: { en: "warning", de: "Warnung" },
  hold: {
    en: "{outputs}: held: commands are refused until somebody releases it",
    de: "{outputs}: festgehalten: Befehle werden bis zu einer Freigabe abgelehnt",
  },
  "to-plan": {
    en: "{outputs}: the plan is due: holdfast outputs shows how far it is",
    de: "{outputs}: der Plan ist fällig: holdfast outputs zeigt, wie weit er ist",
  },
  release: {
    en: "{outputs}: released: nothing was written by that",
    de: "{outputs}: freigegeben: dadurch wurde nichts geschrieben",
  },
} as const satisfies Readonly<Record<string, Phrase>>;

import type { Phrase } from "./phrase.ts";

/** What `holdfast alarms` says; states, priorities and names stay as they are everywhere. */
export const ALARMS = {
  none: {
    en: "no alarms are configured, and none stands",
    de: "es sind keine Alarme projektiert, und keiner steht an",
  },
  allNormal: { en: "all {total} alarms are normal", de: "alle {total} Alarme sind normal" },
  total: { en: "{standing}; {total} in all", de: "{standing}; {total} insgesamt" },
  more: { en: "and {count} more, less urgent", de: "und {count} weitere, weniger dringende" },
  since: { en: "since {time}", de: "seit {time}" },
  by: { en: " by {by}", de: " von {by}" },
  until: { en: " until {time}", de: " bis {time}" },
  covered: { en: ", its condition holds", de: ", seine Bedingung ist erfüllt" },
  allThatWaited: { en: "all that waited", de: "alle wartenden" },
  acknowledge: { en: "{alarm}: acknowledged", de: "{alarm}: quittiert" },
  shelve: {
    en: "{alarm}: shelved; it comes back by itself",
    de: "{alarm}: zurückgestellt; er kommt von selbst wieder",
  },
  unshelve: { en: "{alarm}: taken off the shelf", de: "{alarm}: nicht mehr zurückgestellt" },
} as const satisfies Readonly<Record<string, Phrase>>;

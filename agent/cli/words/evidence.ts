import type { Phrase } from "./phrase.ts";

/** What was seen, in sentences that `holdfast why` puts facts into. */
export const EVIDENCE = {
  ofOthers: {
    en: "{online} of the {total} other devices on {bus} answer: look at this device first",
    de: "an {bus} antworten {online} von {total} anderen Geräten: zuerst dieses Gerät ansehen",
  },
  noneOfOthers: {
    en: "none of the {total} other devices on {bus} answers: look at the line first",
    de: "an {bus} antwortet keines der anderen Geräte ({total}): zuerst die Leitung ansehen",
  },
  counted: {
    en: "{timeouts} unanswered, {exceptions} refused since the bus started",
    de: "{timeouts} unbeantwortet, {exceptions} abgelehnt, seit der Bus läuft",
  },
  askedAgain: { en: "asked again in {seconds} s", de: "nächste Abfrage in {seconds} s" },
  invalid: { en: "{count} answers without a value", de: "{count} Antworten ohne Wert" },
  late: {
    en: "{late} polls began more than a period late; {load} % of the time is used",
    de: "{late} Abfragen begannen mehr als eine Periode zu spät; {load} % der Zeit sind belegt",
  },
  queue: {
    en: "{dropped} values dropped, {values} of {max} waiting",
    de: "{dropped} Werte verworfen, {values} von {max} warten",
  },
  clock: { en: "clock trust: {trust}", de: "Vertrauen in die Uhr: {trust}" },
  state: { en: "state: {state}", de: "Zustand: {state}" },
  attempts: { en: "{attempts} attempts; next in {seconds} s", de: "{attempts} Versuche; nächster in {seconds} s" },
  held: { en: "held back: {classes}", de: "zurückgehalten: {classes}" },
  writes: { en: "{count} metrics refused", de: "{count} Metriken abgelehnt" },
  quality: { en: "quality {quality}: {reason}", de: "Qualität {quality}: {reason}" },
  heldBy: { en: "held by {by}: {reason}", de: "festgehalten von {by}: {reason}" },
  heldOutputs: { en: "outputs: {outputs}", de: "Ausgänge: {outputs}" },
  allOutputs: { en: "all outputs", de: "alle Ausgänge" },
  trigger: { en: "trigger: {trigger}", de: "Auslöser: {trigger}" },
  took: {
    en: "done after {seconds} s; {worst} s were promised",
    de: "fertig nach {seconds} s; {worst} s waren zugesagt",
  },
  open: { en: "not confirmed: {output}: {message}", de: "nicht bestätigt: {output}: {message}" },
  alarm: { en: "{text} ({priority})", de: "{text} ({priority})" },
  standing: { en: "not normal: {alarms}", de: "nicht normal: {alarms}" },
  by: { en: "by {by}", de: "von {by}" },
  finding: { en: "{place} {code} {message} ({hint})", de: "{place} {code} {message} ({hint})" },
  noAnswer: { en: "no answer within a second", de: "keine Antwort binnen einer Sekunde" },
  receiver: { en: "{waiting} waiting, {lost} lost", de: "{waiting} warten, {lost} verloren" },
  said: { en: "{message}", de: "{message}" },
} as const satisfies Readonly<Record<string, Phrase>>;

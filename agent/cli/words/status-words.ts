import type { Phrase } from "./phrase.ts";

/** What `holdfast status` says; states, codes and names stay as they are everywhere. */
export const STATUS = {
  unconfigured: {
    en: "no configuration yet: put one in {path}, or use holdfast config apply FILE",
    de: "noch keine Konfiguration: eine nach {path} legen oder holdfast config apply DATEI benutzen",
  },
  fileRefused: { en: "the newest file is refused", de: "die neueste Datei wurde abgelehnt" },
  beforeStays: { en: "the one before stays in force", de: "die vorige bleibt in Kraft" },
  notAnswering: { en: "not answering", de: "antwortet nicht" },
  beingStarted: { en: "it is being started again", de: "wird neu gestartet" },
  dropped: { en: "{count} dropped, declared as gaps", de: "{count} verworfen, als Lücken gemeldet" },
  clock: { en: "clock {trust}", de: "Uhr {trust}" },
  field: {
    en: "boot {boot}  sampled {sampled}  acknowledged {acknowledged}  waiting {values}/{max}",
    de: "Start {boot}  erfasst {sampled}  bestätigt {acknowledged}  warten {values}/{max}",
  },
  noErrors: { en: "no errors", de: "keine Fehler" },
  load: { en: "load {percent} %  requests {requests}", de: "Last {percent} %  Anfragen {requests}" },
  listenOnly: { en: "listens only", de: "hört nur zu" },
  online: { en: "online", de: "online" },
  noReply: { en: "no reply", de: "keine Antwort" },
  askedAgain: { en: "asked again in {seconds} s", de: "nächste Abfrage in {seconds} s" },
  invalid: { en: "{count} invalid values", de: "{count} ungültige Werte" },
  lastFault: { en: "last fault {code} {message}, {time}", de: "letzter Fehler {code} {message}, {time}" },
  unit: { en: "unit {unit}", de: "Unit {unit}" },
  moreLines: { en: "… {count} more lines: enlarge the window", de: "… {count} weitere Zeilen: Fenster vergrößern" },
  unknownTime: { en: "at an unknown time", de: "zu unbekannter Zeit" },
  moreRows: { en: "and {count} more rows", de: "und {count} weitere Zeilen" },
  outputsHeld: { en: "held by {by}: {reason}", de: "festgehalten von {by}: {reason}" },
  outputsFree: { en: "free", de: "frei" },
  outputsSome: { en: "{count} not free", de: "{count} nicht frei" },
  planIdle: { en: "plan ready, at most {seconds} s", de: "Plan bereit, höchstens {seconds} s" },
  planRunning: { en: "plan is being carried out ({trigger})", de: "Plan wird ausgeführt ({trigger})" },
  planDone: {
    en: "plan done in {seconds} s ({trigger}), waits for a release",
    de: "Plan fertig nach {seconds} s ({trigger}), wartet auf Freigabe",
  },
  planIncomplete: {
    en: "plan incomplete ({trigger}): {open} not confirmed",
    de: "Plan unvollständig ({trigger}): {open} nicht bestätigt",
  },
  outputWarnings: {
    en: "{count} devices without communication-loss timer",
    de: "{count} Geräte ohne Kommunikationsausfall-Timer",
  },
  alarmsNone: { en: "none stands", de: "keiner steht an" },
  alarmCounts: {
    en: "{raised} raised, {acknowledged} acknowledged, {returned} returned, {shelved} shelved, {suppressed} suppressed of {total}",
    de: "{raised} anstehend, {acknowledged} quittiert, {returned} gegangen, {shelved} zurückgestellt, {suppressed} unterdrückt von {total}",
  },
  alarmsMore: { en: "and {count} more: holdfast alarms", de: "und {count} weitere: holdfast alarms" },
  relayAlarm: { en: "relay: alarm", de: "Relais: Alarm" },
  relayQuiet: { en: "relay: no alarm", de: "Relais: kein Alarm" },
  relayFailed: { en: "relay: does not follow", de: "Relais: folgt nicht" },
  unreadable: { en: "unreadable", de: "nicht lesbar" },
  busDown: { en: "the bus is down", de: "der Bus ist gestört" },
} as const satisfies Readonly<Record<string, Phrase>>;

/** What a bus counts, in the order in which a person looks for it. */
export const COUNTED = {
  timeouts: { en: "timeout", de: "Timeout" },
  lateReplies: { en: "late reply", de: "späte Antwort" },
  crcErrors: { en: "CRC", de: "CRC" },
  exceptions: { en: "exception", de: "Exception" },
  foreignFrames: { en: "foreign", de: "fremd" },
  shortFrames: { en: "short", de: "zu kurz" },
  longFrames: { en: "long", de: "zu lang" },
  reopened: { en: "reopened", de: "neu geöffnet" },
  latePolls: { en: "late poll", de: "späte Abfrage" },
  discardedBytes: { en: "discarded bytes", de: "verworfene Bytes" },
  refusedBroadcasts: { en: "refused broadcast", de: "abgelehnter Broadcast" },
} as const satisfies Readonly<Record<string, Phrase>>;

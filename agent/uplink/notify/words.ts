import type { AlarmEvent, AlarmState } from "../../contract/alarms.ts";
import type { AlarmSinkSnapshot } from "../../config/snapshot/notify.ts";
import { harmless } from "../mqtt/foreign-text.ts";
import type { Delivery } from "./receiver.ts";

type Language = AlarmSinkSnapshot["language"];

const STATES: Readonly<Record<Language, Readonly<Record<AlarmState, string>>>> = {
  en: {
    normal: "back to normal",
    raised: "raised",
    acknowledged: "acknowledged",
    returned: "returned, not acknowledged",
    shelved: "shelved",
    suppressed: "suppressed by design",
  },
  de: {
    normal: "wieder normal",
    raised: "ausgelöst",
    acknowledged: "quittiert",
    returned: "gegangen, nicht quittiert",
    shelved: "zurückgestellt",
    suppressed: "unterdrückt",
  },
};
const TEST: Readonly<Record<Language, string>> = { en: "TEST", de: "TEST" };
const LOST: Readonly<Record<Language, (count: number) => string>> = {
  en: (count) => `${count} ${count === 1 ? "event" : "events"} lost before this one`,
  de: (count) => `${count} ${count === 1 ? "Ereignis" : "Ereignisse"} davor verloren`,
};
/** Controls, line separators and marks that reorder text: a receiver's terminal is not ours to move. */
const MISLEADING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What the alarm is called in the receiver's language. */
export function alarmText({ text }: AlarmEvent, language: Language): string {
  return clean((language === "de" ? text.de : undefined) ?? text.en);
}

/** One line for people: `Well level high: raised (well/level is 2.6, limit 2.5)`. */
export function sentence({ event, lostBefore, test }: Delivery, language: Language): string {
  const who = event.by === undefined ? "" : `, ${harmless(event.by)}`;
  const evidence = event.evidence === "" ? "" : ` (${clean(event.evidence)})`;
  const before = lostBefore === 0 ? "" : ` [${LOST[language](lostBefore)}]`;
  const mark = test ? `${TEST[language]}: ` : "";
  return `${mark}${alarmText(event, language)}: ${STATES[language][event.to]}${who}${evidence}${before}`;
}

/** The same text without what would move a cursor or reorder a line, and without halves of characters. */
export function clean(text: string): string {
  return text.toWellFormed().replace(MISLEADING, "\ufffd");
}

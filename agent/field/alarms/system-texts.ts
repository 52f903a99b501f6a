import type { SystemAlarm } from "../../contract/alarms.ts";

/** What each alarm of the gateway itself means, in a technician's words. */
export const SYSTEM_TEXTS: Readonly<Record<SystemAlarm, { readonly en: string; readonly de: string }>> = {
  "second-master": { en: "Another master speaks on the bus", de: "Ein anderer Master spricht auf dem Bus" },
  "unexpected-unit": {
    en: "A device that nobody configured answers on the bus",
    de: "Ein nicht projektiertes Gerät antwortet auf dem Bus",
  },
  "unplanned-write": {
    en: "Somebody other than this gateway writes on the bus",
    de: "Jemand anderes als dieses Gateway schreibt auf dem Bus",
  },
  "changed-register-map": {
    en: "A device answers for other registers than before",
    de: "Ein Gerät antwortet für andere Register als bisher",
  },
  "wrong-device": { en: "One device answers for another", de: "Ein Gerät antwortet für ein anderes" },
  "plan-due": { en: "The outputs go to their plan", de: "Die Ausgänge werden nach dem Fail-Safe-Plan gesetzt" },
  "plan-incomplete": {
    en: "The plan was not done to its end",
    de: "Der Fail-Safe-Plan wurde nicht zu Ende ausgeführt",
  },
  "outputs-held": { en: "The outputs are held", de: "Ausgänge werden festgehalten" },
  "no-communication-loss-timer": {
    en: "A field device has no armed communication-loss timer",
    de: "An einem Feldgerät ist die Überwachung auf Kommunikationsausfall nicht scharf",
  },
  tamper: { en: "The housing was opened", de: "Das Gehäuse wurde geöffnet" },
  "service-port": { en: "The service port is in use", de: "Der Serviceanschluss ist belegt" },
};

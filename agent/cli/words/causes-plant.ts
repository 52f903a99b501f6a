import type { Cause } from "./cause.ts";
import type { Phrase } from "./phrase.ts";

const cause = (title: Phrase, ...steps: readonly Phrase[]): Cause => ({ title, steps });
const INVENTORY: Phrase = {
  en: "`holdfast inventory` shows which unit, which function, since when.",
  de: "`holdfast inventory` zeigt welche Unit, welche Funktion, seit wann.",
};

/** Points, outputs, the fail-safe plan, alarms. */
export const PLANT_CAUSES = {
  POINT_BAD: cause(
    { en: "The point has no usable value.", de: "Der Punkt hat keinen brauchbaren Wert." },
    {
      en: "not-a-number, not-text: check type, wordOrder, byteOrder. exception: check the address. input-missing: a point it is reckoned from has no value.",
      de: "not-a-number, not-text: type, wordOrder, byteOrder prüfen. exception: Adresse prüfen. input-missing: ein Punkt, aus dem er berechnet wird, hat keinen Wert.",
    },
  ),
  POINT_STALE: cause(
    {
      en: "The value is old: the device or bus is not answering.",
      de: "Der Wert ist alt: Gerät oder Bus antwortet nicht.",
    },
    { en: "See why the device does not answer.", de: "Nachsehen, warum das Gerät nicht antwortet." },
  ),
  OUTPUTS_HELD: cause(
    {
      en: "Somebody holds outputs: commands to them are refused.",
      de: "Jemand hält Ausgänge fest: Befehle an sie werden abgelehnt.",
    },
    {
      en: "Ask who holds them, then `holdfast outputs release`. A release writes nothing.",
      de: "Klären, wer sie festhält, dann `holdfast outputs release`. Eine Freigabe schreibt nichts.",
    },
  ),
  PLAN_RUNNING: cause(
    { en: "The fail-safe plan is being carried out now.", de: "Der Fail-Safe-Plan wird gerade ausgeführt." },
    {
      en: "Keep away from the machines: they move by themselves. Look again in a few seconds.",
      de: "Abstand von den Maschinen halten: sie bewegen sich von selbst. In einigen Sekunden noch einmal schauen.",
    },
  ),
  PLAN_DUE: cause(
    {
      en: "The fail-safe plan was carried out; its outputs wait for a release.",
      de: "Der Fail-Safe-Plan wurde ausgeführt; seine Ausgänge warten auf Freigabe.",
    },
    {
      en: "Find and end what triggered it, look at the machines, then `holdfast outputs release`.",
      de: "Auslöser finden und beenden, die Maschinen ansehen, dann `holdfast outputs release`.",
    },
  ),
  PLAN_INCOMPLETE: cause(
    {
      en: "Some outputs could not be brought to their fail-safe value.",
      de: "Manche Ausgänge ließen sich nicht auf ihren sicheren Wert bringen.",
    },
    {
      en: "Go there and make the machine safe by hand. Holdfast keeps trying.",
      de: "Hingehen und die Maschine von Hand sichern. Holdfast versucht es weiter.",
    },
    { en: "Then see why the device does not answer.", de: "Dann nachsehen, warum das Gerät nicht antwortet." },
  ),
  WRITE_REFUSED: cause(
    { en: "A command to this output would be refused now.", de: "Ein Befehl an diesen Ausgang würde jetzt abgelehnt." },
    { en: "The evidence says what must be otherwise.", de: "Der Befund sagt, was anders sein muss." },
  ),
  NO_COMMUNICATION_LOSS_TIMER: cause(
    {
      en: "If the bus is cut, this device keeps its last outputs: its own communication-loss timer is not armed, or not known.",
      de: "Wird der Bus getrennt, behält dieses Gerät seine letzten Ausgänge: sein eigener Kommunikationsausfall-Timer ist nicht scharf oder unbekannt.",
    },
    {
      en: "Arm it at the device, and name its register in communicationLossTimer, so that it is watched.",
      de: "Am Gerät scharf stellen und sein Register in communicationLossTimer nennen, damit es überwacht wird.",
    },
  ),
  ALARM_RAISED: cause(
    { en: "An alarm stands and nobody has acknowledged it.", de: "Ein Alarm steht an, und niemand hat ihn quittiert." },
    {
      en: "`holdfast alarms acknowledge {subject}` once you take care of it.",
      de: "`holdfast alarms acknowledge {subject}`, sobald Sie sich darum kümmern.",
    },
  ),
  ALARM_ACKNOWLEDGED: cause(
    { en: "An acknowledged alarm still stands.", de: "Ein quittierter Alarm steht noch an." },
    { en: "Its condition must go away in the plant.", de: "Seine Ursache muss in der Anlage verschwinden." },
  ),
  ALARM_RETURNED: cause(
    {
      en: "An alarm is over, and nobody has acknowledged it.",
      de: "Ein Alarm ist gegangen, aber niemand hat ihn quittiert.",
    },
    {
      en: "Find out what it was, then `holdfast alarms acknowledge {subject}`.",
      de: "Herausfinden, was es war, dann `holdfast alarms acknowledge {subject}`.",
    },
  ),
  RELAY_ALARM: cause(
    { en: "The alarm relay says that there is an alarm.", de: "Das Alarmrelais meldet einen Alarm." },
    {
      en: "`holdfast alarms` shows which; it ends with them, or with their acknowledgement.",
      de: "`holdfast alarms` zeigt welchen; es fällt mit ihnen oder mit ihrer Quittierung zurück.",
    },
  ),
  "second-master": cause(
    { en: "Another master talks on this line.", de: "Ein zweiter Master spricht auf dieser Leitung." },
    {
      en: "Find the laptop, panel or controller that does, and unplug it: two masters disturb each other.",
      de: "Laptop, Panel oder Steuerung finden und abklemmen: zwei Master stören einander.",
    },
    INVENTORY,
  ),
  "unexpected-unit": cause(
    {
      en: "A unit answers that the configuration does not know.",
      de: "Eine Unit antwortet, die die Konfiguration nicht kennt.",
    },
    {
      en: "Was a device added, or its unit id changed? Then add it to the file; otherwise find it.",
      de: "Wurde ein Gerät hinzugefügt oder seine Unit-ID geändert? Dann eintragen; sonst suchen.",
    },
    INVENTORY,
  ),
  "unplanned-write": cause(
    { en: "Somebody else writes to devices on this line.", de: "Jemand anderes schreibt in Geräte an dieser Leitung." },
    {
      en: "Check the machine first. Then find the second master and unplug it.",
      de: "Zuerst die Maschine prüfen. Dann den zweiten Master finden und abklemmen.",
    },
    INVENTORY,
  ),
  "changed-register-map": cause(
    { en: "A device no longer has registers that it had.", de: "Ein Gerät hat Register nicht mehr, die es hatte." },
    {
      en: "Was it replaced, or its firmware changed? Compare with its manual, then correct the file.",
      de: "Wurde es getauscht oder seine Firmware geändert? Mit dem Handbuch vergleichen, dann die Datei berichtigen.",
    },
  ),
  "wrong-device": cause(
    { en: "Another device answers in this one's place.", de: "An Stelle dieses Geräts antwortet ein anderes." },
    {
      en: "Do two devices have the same unit id, or were two swapped?",
      de: "Haben zwei Geräte dieselbe Unit-ID, oder wurden zwei vertauscht?",
    },
    INVENTORY,
  ),
  tamper: cause(
    { en: "The housing was opened.", de: "Das Gehäuse wurde geöffnet." },
    {
      en: "Who was there? Close it, look at seals, then acknowledge.",
      de: "Wer war dort? Schließen, Siegel prüfen, dann quittieren.",
    },
  ),
  "service-port": cause(
    { en: "Something is plugged into the service port.", de: "Am Service-Anschluss steckt etwas." },
    {
      en: "If nobody of yours is at work there, unplug it and find out who.",
      de: "Arbeitet dort niemand von Ihnen: abziehen und herausfinden, wer es war.",
    },
  ),
} as const satisfies Readonly<Record<string, Cause>>;

/**
 * Where one alarm is. `active` is the condition after its delays: kept while somebody does not want to hear of it, so
 * that the alarm is raised as soon as they do.
 */
export type Alarm =
  | { readonly at: "normal" }
  | { readonly at: "raised" }
  | { readonly at: "acknowledged" }
  | { readonly at: "returned" }
  | { readonly at: "shelved"; readonly active: boolean }
  | { readonly at: "suppressed"; readonly active: boolean };

export type AlarmHappening =
  | "raise" // the condition holds
  | "again" // it holds in another way than before: somebody has to look once more
  | "return" // the condition is over
  | "acknowledge"
  | "shelve"
  | "unshelve" // somebody, or its time is up
  | "suppress"
  | "unsuppress";

/** What of an alarm's rule decides where it goes. */
export interface AlarmManner {
  /** without, it goes as it came */
  readonly acknowledge: boolean;
  /** the rule's expression says now that it is to be suppressed */
  readonly suppressed: boolean;
}

/**
 * One step of one alarm; the very same object where nothing comes of it.
 * @see IEC 62682 §10 (alarm state transition), ISA-18.2 figure 6
 */
export function step(alarm: Alarm, happening: AlarmHappening, manner: AlarmManner): Alarm {
  switch (happening) {
    case "raise":
      return raise(alarm);
    case "again":
      return alarm.at === "acknowledged" ? RAISED : raise(alarm);
    case "return":
      return giveBack(alarm, manner);
    case "acknowledge":
      if (alarm.at === "raised") return ACKNOWLEDGED;
      return alarm.at === "returned" ? NORMAL : alarm;
    case "shelve":
      return alarm.at === "shelved" ? alarm : { at: "shelved", active: isActive(alarm) };
    case "unshelve":
      return alarm.at === "shelved" ? uncovered(alarm.active, manner) : alarm;
    case "suppress":
      // the shelf has a time and a name on it; what is suppressed has neither
      if (alarm.at === "shelved" || alarm.at === "suppressed") return alarm;
      return { at: "suppressed", active: isActive(alarm) };
    case "unsuppress":
      return alarm.at === "suppressed" ? uncovered(alarm.active, { ...manner, suppressed: false }) : alarm;
  }
}

export const NORMAL: Alarm = { at: "normal" };
const RAISED: Alarm = { at: "raised" };
const ACKNOWLEDGED: Alarm = { at: "acknowledged" };

/** Whether its condition holds, as far as the alarm knows. */
export function isActive(alarm: Alarm): boolean {
  return "active" in alarm ? alarm.active : alarm.at === "raised" || alarm.at === "acknowledged";
}

function raise(alarm: Alarm): Alarm {
  if (alarm.at === "normal" || alarm.at === "returned") return RAISED;
  return "active" in alarm && !alarm.active ? { ...alarm, active: true } : alarm;
}

function giveBack(alarm: Alarm, { acknowledge }: AlarmManner): Alarm {
  switch (alarm.at) {
    case "raised":
      return acknowledge ? { at: "returned" } : NORMAL;
    case "acknowledged":
      return NORMAL;
    case "shelved":
    case "suppressed":
      return alarm.active ? { ...alarm, active: false } : alarm;
    case "normal":
    case "returned":
      return alarm;
  }
}

/** From the shelf, or no longer suppressed: what holds is news again. */
function uncovered(active: boolean, { suppressed }: AlarmManner): Alarm {
  if (suppressed) return { at: "suppressed", active };
  return active ? RAISED : NORMAL;
}

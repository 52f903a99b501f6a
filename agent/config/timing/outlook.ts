import type { BusSnapshot, FieldSnapshot } from "../snapshot.ts";
import { expressionSteps } from "../snapshot/expression.ts";
import type { PlanSnapshot } from "../snapshot/outputs.ts";
import { busLoad } from "./load.ts";
import type { BusLoad } from "./load.ts";
import { planNotes, lossTimerNotes } from "./notes.ts";
import type { Note } from "./notes.ts";
import { planTimes } from "./plan-time.ts";
import type { PlanTime } from "./plan-time.ts";
import { percentReadTogether } from "./saving.ts";
import { SILENCE_SHARE } from "./silence-share.ts";

/** One line or socket, as it will be with all devices answering. */
export interface BusOutlook {
  readonly load: BusLoad;
  /** with `requests: { optimise: max-insert }` at every device */
  readonly percentReadTogether: number;
  /** what one device that does not answer costs the others: once, when it falls silent, and from then on */
  readonly deadDevice: { readonly onceMs: number; readonly percent: number };
}

/** What can be reckoned of a configuration before it runs. */
export interface Outlook {
  readonly answerMs: number;
  readonly buses: readonly BusOutlook[];
  readonly plan?: { readonly snapshot: PlanSnapshot; readonly times: readonly PlanTime[] };
  /** of all expressions: what evaluating them once costs */
  readonly expressionSteps: number;
  readonly notes: readonly Note[];
}

/** @param answerMs what devices take to answer, beyond the line's own silence */
export function outlookOf(field: FieldSnapshot, answerMs: number): Outlook {
  const speaking = field.buses.filter((bus) => bus.listenOnly !== true);
  const { plan } = field;
  const times = plan === undefined ? [] : planTimes(field.buses, plan.steps, answerMs);
  return {
    answerMs,
    buses: speaking.map((bus) => busOutlook(bus, answerMs)),
    ...(plan === undefined ? {} : { plan: { snapshot: plan, times } }),
    expressionSteps: expressionSteps(field),
    notes: [...lossTimerNotes(field), ...planNotes(field)],
  };
}

function busOutlook(bus: BusSnapshot, answerMs: number): BusOutlook {
  const load = busLoad(bus, answerMs);
  const onceMs = Math.max(0, ...bus.devices.map(({ timeoutMs }) => timeoutMs));
  return {
    load,
    percentReadTogether: percentReadTogether(bus, answerMs),
    deadDevice: { onceMs, percent: 100 * SILENCE_SHARE },
  };
}

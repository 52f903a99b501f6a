import { EXPRESSION_STEPS_TOTAL_MAX } from "../../config/snapshot/expression.ts";
import type { BusOutlook, Outlook } from "../../config/timing/outlook.ts";
import type { Paint } from "../paint.ts";
import { busLines } from "./bus-lines.ts";
import { planLines } from "./plan-lines.ts";

/** The outlook for people: buses, then the fail-safe plan, then what is worth knowing. */
export function outlookText(outlook: Outlook, paint: Paint): string {
  const { buses, plan, notes, answerMs } = outlook;
  const lines = [
    paint("dim", `reckoned for devices that answer in ${answerMs} ms (--answer says otherwise)`),
    "",
    ...buses.flatMap((bus: BusOutlook) => [...busLines(bus, paint), ""]),
    ...(plan === undefined ? [] : [...planLines(plan.snapshot, plan.times, paint), ""]),
    ...(outlook.expressionSteps === 0
      ? []
      : [
          `${paint("bold", "expressions")}  ${outlook.expressionSteps} of at most ${EXPRESSION_STEPS_TOTAL_MAX} steps`,
          "",
        ]),
    ...notes.map(({ message }) => `${paint("yellow", "note")}  ${message}`),
  ];
  while (lines.at(-1) === "") lines.pop();
  return `${lines.join("\n")}\n`;
}

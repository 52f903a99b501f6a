import { timeText } from "../fault-lines.ts";
import type { Paint } from "../paint.ts";
import { causeOf } from "../words/causes.ts";
import type { Say } from "../words/phrase.ts";
import { WHY } from "../words/why-words.ts";
import type { Trouble } from "./trouble.ts";

/** Wide enough for the labels in every language. */
const LABEL_CHARS = 8;

/** One trouble for people: what it means, what was seen, what to do, the likeliest first. */
export function troubleLines(one: Trouble, say: Say, paint: Paint): readonly string[] {
  const { title, steps } = causeOf(one.code);
  const when =
    one.sinceMs === undefined ? "" : `  ${paint("dim", say(WHY.since, { time: timeText(one.sinceMs, say) }))}`;
  return [
    `${paint("bold", one.subject)}  ${paint(one.severity, one.code)}${when}`,
    `  ${say(title)}`,
    ...labelled(say(WHY.seen), one.evidence(say)),
    ...labelled(
      say(WHY.next),
      steps.map((step, i) => `${i + 1}. ${say(step, { subject: one.subject })}`),
    ),
  ];
}

function labelled(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, i) => `  ${(i === 0 ? label : "").padEnd(LABEL_CHARS)}${line}`);
}

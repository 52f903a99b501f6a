import type { Paint } from "../paint.ts";
import { jsonLines } from "./json-lines.ts";
import type { Said, SaidMetric } from "./said.ts";
import { timeText, timeTextBeside } from "./time-text.ts";
import { typeName, valueLines, valueText } from "./value-text.ts";
import { visible } from "./visible.ts";

const INDENT = "    ";

/** One message for people: who says what when, and below it each metric. Times are UTC. */
export function saidLines(said: Said, paint: Paint): readonly string[] {
  switch (said.kind) {
    case "sparkplug":
      return sparkplugLines(said, paint);
    case "state": {
      const state = said.online ? paint("green", "online") : paint("red", "offline");
      return [`${when(said.timeMs)}  ${paint("bold", "STATE")} host ${visible(said.host)} is ${state}`];
    }
    case "json":
      return [`${when(said.timeMs)}  ${paint("bold", visible(said.topic))}`, ...indented(jsonLines(withoutTime(said)))];
    case "cleared":
      return [`${when(undefined)}  ${paint("bold", visible(said.topic))} is cleared: nothing is retained any more`];
  }
}

/** Its time stands in the heading. */
function withoutTime({ body, timeMs }: Extract<Said, { kind: "json" }>): object {
  return timeMs === undefined ? body : Object.fromEntries(Object.entries(body).filter(([key]) => key !== "timeMs"));
}

type Sparkplug = Extract<Said, { kind: "sparkplug" }>;

function sparkplugLines({ verb, group, edgeNode, device, timeMs, seq, notes, metrics }: Sparkplug, paint: Paint) {
  const who = [group, edgeNode, ...(device === undefined ? [] : [device])].map(visible).join("/");
  const number = seq === undefined ? "" : `  seq ${seq}`;
  const wrong = notes.map((note) => `  ${paint("yellow", note)}`).join("");
  const head = `${when(timeMs)}  ${paint("bold", verb)} ${who}${number}${wrong}`;
  const declares = verb.endsWith("BIRTH") || verb.endsWith("CMD");
  return [head, ...indented(metricLines(metrics, declares, timeMs, paint))];
}

function metricLines(
  metrics: readonly SaidMetric[],
  declares: boolean,
  messageMs: number | undefined,
  paint: Paint,
): readonly string[] {
  const cells = metrics.map((metric) => ({
    name: nameText(metric),
    value: `${valueText(metric.value, metric.type)}${metric.unit === undefined ? "" : ` ${visible(metric.unit)}`}`,
    type: declares && metric.type !== undefined ? typeName(metric.type) : "",
    rest: [
      ...(metric.quality === undefined ? [] : [paint(qualityColour(metric.quality), visible(metric.quality))]),
      ...(metric.historical ? [paint("cyan", "history")] : []),
      ...(metric.timeMs === undefined || metric.timeMs === messageMs
        ? []
        : [paint("dim", `at ${timeTextBeside(metric.timeMs, messageMs)}`)]),
    ].join("  "),
    more: valueLines(metric.value),
  }));
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const name = widest(cells.map((cell) => cell.name));
  const value = widest(cells.map((cell) => cell.value));
  const type = widest(cells.map((cell) => cell.type));
  return cells.flatMap((cell) => [
    `${cell.name.padEnd(name)}  ${cell.value.padEnd(value)}  ${type === 0 ? "" : `${cell.type.padEnd(type)}  `}${cell.rest}`.trimEnd(),
    ...indented(cell.more),
  ]);
}

function nameText({ name, alias }: SaidMetric): string {
  if (name !== undefined) return visible(name);
  return alias === undefined ? "without a name" : `alias ${alias}`;
}

function qualityColour(word: string): "green" | "yellow" | "red" {
  if (word.startsWith("good")) return "green";
  return word.startsWith("uncertain") ? "yellow" : "red";
}

function when(timeMs: number | undefined): string {
  return timeMs === undefined ? "without a time" : timeText(timeMs);
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `${INDENT}${line}`);
}

import type { OutputsStatus, OutputStatus, PlanStatus } from "../contract/outputs.ts";
import { visible } from "./telemetry/visible.ts";
import { paintFor } from "./paint.ts";
import type { Paint } from "./paint.ts";

const STATE_COLOUR = { free: "green", held: "yellow", planned: "yellow", pending: "red" } as const;
const PLAN_COLOUR = { idle: "green", running: "yellow", done: "yellow", incomplete: "red" } as const;

/** What the outputs may do now, and every reason why not. */
export function outputsLines(
  { outputs, plan, hold, warnings }: OutputsStatus,
  { isTty }: { readonly isTty: boolean },
): readonly string[] {
  const paint = paintFor(isTty);
  if (outputs.length === 0) return ["the running configuration declares no output"];
  const width = Math.max(...outputs.map(({ output }) => output.length));
  return [
    ...outputs.flatMap((output) => outputLines(output, width, paint)),
    ...(hold === undefined ? [] : [holdLine(hold, paint)]),
    ...(plan === undefined ? [] : planLines(plan, paint)),
    ...warnings.map(({ code, message }) => `${paint("yellow", "warning")} ${code}: ${visible(message)}`),
  ];
}

function outputLines(output: OutputStatus, width: number, paint: Paint): readonly string[] {
  const { state, value, quality, commanded, refused = [] } = output;
  const colour = STATE_COLOUR[state];
  const now = `${value === null ? "—" : visible(String(value))}${quality === "good" ? "" : ` (${quality})`}`;
  const last = commanded === undefined ? "" : `  written ${visible(String(commanded))}`;
  const head = `${output.output.padEnd(width)}  ${paint(colour, state.padEnd("planned".length))}  ${now}${last}`;
  return [
    head,
    ...refused.map(({ code, message }) => `${" ".repeat(width)}  ${paint("dim", code)} ${visible(message)}`),
  ];
}

function holdLine({ by, reason, sinceMs, outputs }: NonNullable<OutputsStatus["hold"]>, paint: Paint): string {
  const what = outputs.length === 0 ? "all outputs" : outputs.join(", ");
  const why = reason === "" ? "no reason given" : visible(reason);
  return `${paint("yellow", "held")} by ${visible(by)} since ${when(sinceMs)}: ${why} (${what})`;
}

function planLines(plan: PlanStatus, paint: Paint): readonly string[] {
  const { state, worstCaseMs, trigger, sinceMs, tookMs, open = [] } = plan;
  const due =
    trigger === undefined || sinceMs === undefined ? "" : `, due by ${visible(trigger)} since ${when(sinceMs)}`;
  const took = tookMs === undefined ? "" : `, took ${Math.round(tookMs)} ms`;
  const head = `plan ${paint(PLAN_COLOUR[state], state)}${due}${took} (${worstCaseMs} ms at most)`;
  return [head, ...open.map(({ output, message }) => `  ${output}: ${visible(message)}`)];
}

function when(unixMs: number): string {
  return new Date(unixMs).toISOString().replace(/\.\d+Z$/, "Z");
}

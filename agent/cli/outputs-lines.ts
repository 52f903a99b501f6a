import type { OutputsStatus, OutputStatus, PlanStatus } from "../contract/outputs.ts";
import type { ScalarValue } from "../contract/point.ts";
import { formatValue } from "./format-value.ts";
import { isoTime } from "./iso-time.ts";
import { visible } from "./telemetry/visible.ts";
import { paintFor } from "./paint.ts";
import type { Paint } from "./paint.ts";
import { OUTPUTS } from "./words/output-words.ts";
import { speaker } from "./words/phrase.ts";
import type { Say } from "./words/phrase.ts";

const STATE_COLOUR = { free: "green", held: "yellow", planned: "yellow", pending: "red" } as const;
const PLAN_COLOUR = { idle: "green", running: "yellow", done: "yellow", incomplete: "red" } as const;

/** What the outputs may do now, and every reason why not. */
export function outputsLines(
  { outputs, plan, hold, warnings }: OutputsStatus,
  { isTty }: { readonly isTty: boolean },
  say: Say = speaker("en"),
): readonly string[] {
  const paint = paintFor(isTty);
  if (outputs.length === 0) return [say(OUTPUTS.none)];
  const width = Math.max(...outputs.map(({ output }) => output.length));
  return [
    ...outputs.flatMap((output) => outputLines(output, width, say, paint)),
    ...(hold === undefined ? [] : [holdLine(hold, say, paint)]),
    ...(plan === undefined ? [] : planLines(plan, say, paint)),
    ...warnings.map(({ code, message }) => `${paint("yellow", say(OUTPUTS.warning))} ${code}: ${visible(message)}`),
  ];
}

function outputLines(output: OutputStatus, width: number, say: Say, paint: Paint): readonly string[] {
  const { state, value, quality, commanded, refused = [] } = output;
  const colour = STATE_COLOUR[state];
  const now = `${value === null ? "—" : shown(value)}${quality === "good" ? "" : ` (${quality})`}`;
  const last = commanded === undefined ? "" : say(OUTPUTS.written, { value: shown(commanded) });
  const head = `${output.output.padEnd(width)}  ${paint(colour, state.padEnd("planned".length))}  ${now}${last}`;
  return [
    head,
    ...refused.map(({ code, message }) => `${" ".repeat(width)}  ${paint("dim", code)} ${visible(message)}`),
  ];
}

/** As the file and a command write it: true, not on. No digits of a float that nobody set. */
function shown(value: ScalarValue | bigint): string {
  return typeof value === "number" ? formatValue(value) : visible(String(value));
}

function holdLine(
  { by, reason, sinceMs, outputs }: NonNullable<OutputsStatus["hold"]>,
  say: Say,
  paint: Paint,
): string {
  const what = outputs.length === 0 ? say(OUTPUTS.all) : outputs.join(", ");
  const why = reason === "" ? say(OUTPUTS.noReason) : visible(reason);
  const facts = { by: visible(by), time: isoTime(sinceMs, say), reason: why, outputs: what };
  return `${paint("yellow", say(OUTPUTS.held))}${say(OUTPUTS.heldBy, facts)}`;
}

function planLines(plan: PlanStatus, say: Say, paint: Paint): readonly string[] {
  const { state, worstCaseMs, trigger, sinceMs, tookMs, open = [] } = plan;
  const due =
    trigger === undefined || sinceMs === undefined
      ? ""
      : say(OUTPUTS.due, { trigger: visible(trigger), time: isoTime(sinceMs, say) });
  const took = tookMs === undefined ? "" : say(OUTPUTS.took, { ms: Math.round(tookMs) });
  const most = say(OUTPUTS.atMost, { ms: worstCaseMs });
  const head = `${say(OUTPUTS.plan)} ${paint(PLAN_COLOUR[state], state)}${due}${took}${most}`;
  return [head, ...open.map(({ output, message }) => `  ${output}: ${visible(message)}`)];
}

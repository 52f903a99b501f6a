import { fileOfFinding } from "../contract/finding-place.ts";
import type { GatewayStatus } from "../contract/status.ts";
import { DEFAULT_CONFIG_PATH } from "../process/layout.ts";
import { fieldLines } from "./field-lines.ts";
import { paintFor } from "./paint.ts";
import type { Paint } from "./paint.ts";
import { uplinkLines } from "./uplink-lines.ts";
import { troublesOf } from "./why/troubles.ts";
import { speaker } from "./words/phrase.ts";
import type { Language, Say } from "./words/phrase.ts";
import { STATUS } from "./words/status-words.ts";
import { WHY } from "./words/why-words.ts";

export interface StatusLook {
  readonly colour: boolean;
  readonly columns?: number;
  readonly language?: Language;
}

/** The whole gateway on one screen, for people. Red is what needs a hand, yellow what needs an eye. */
export function statusLines(status: GatewayStatus, look: StatusLook): readonly string[] {
  const paint = paintFor(look.colour);
  const say = speaker(look.language ?? "en");
  const columns = look.columns ?? COLUMNS_DEFAULT;
  const unconfigured = say(STATUS.unconfigured, { path: DEFAULT_CONFIG_PATH });
  const name = status.device === "" ? unconfigured : `${status.site}/${status.device}`;
  return [
    `${paint("bold", `Holdfast ${status.version}`)}  ${name}`,
    ...configLines(status, say, paint),
    ...whyLine(status, say, paint),
    ...uplinkLines(status.uplink, say, paint),
    ...fieldLines(status.field, { columns, say, paint }),
  ];
}

function configLines({ configReport: report }: GatewayStatus, say: Say, paint: Paint): readonly string[] {
  if (report === null) return [];
  const head = `config    ${paint("red", say(STATUS.fileRefused))}, ${say(STATUS.beforeStays)}`;
  const findings = report.findings.slice(0, FINDINGS_SHOWN_MAX).map((finding) => {
    const place =
      finding.line > 0 ? `${fileOfFinding(report, finding)}:${finding.line}:${finding.column}` : finding.path;
    return `          ${place} ${paint("red", finding.code)} ${finding.message}`;
  });
  return [head, ...findings];
}

/** Where to read on about what is red. */
function whyLine(status: GatewayStatus, say: Say, paint: Paint): readonly string[] {
  const red = troublesOf(status).filter(({ severity }) => severity === "red");
  const subjects = [...new Set(red.map(({ subject }) => subject))];
  if (subjects.length === 0) return [];
  const shown = subjects.slice(0, SUBJECTS_SHOWN_MAX).join(", ");
  const more = subjects.length > SUBJECTS_SHOWN_MAX ? `, +${subjects.length - SUBJECTS_SHOWN_MAX}` : "";
  return [paint("dim", say(WHY.hint, { subjects: `${shown}${more}` }))];
}

/** Where nobody says how wide the terminal is. */
const COLUMNS_DEFAULT = 80;
const FINDINGS_SHOWN_MAX = 3;
const SUBJECTS_SHOWN_MAX = 4;

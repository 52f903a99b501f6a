import { VERSION } from "../version.ts";
import { COMMAND_TABLE, EXIT_CODES, optionText, synopsis } from "./command-table.ts";
import type { CommandRow } from "./command-table.ts";
import { fold } from "./fold.ts";

/**
 * What `holdfast help [COMMAND]` and `holdfast COMMAND --help` print: the command that begins with these words, each of
 * its options with what it does. Undefined: there is none.
 */
export function commandHelp(words: readonly string[]): string | undefined {
  const asked = words.filter((word) => !word.startsWith("-")).join(" ");
  const named = COMMAND_TABLE.filter((row) => row.words === asked || row.words.startsWith(`${asked} `));
  // an operand may stand behind the command's words
  const rows = named.length > 0 ? named : COMMAND_TABLE.filter((row) => asked.startsWith(`${row.words} `));
  return asked === "" || rows.length === 0 ? undefined : `${rows.flatMap(explained).join("\n")}\n`;
}

function explained(row: CommandRow): readonly string[] {
  const options = (row.options ?? []).flatMap((option) => [
    `      ${optionText(option)}`,
    ...fold(`          ${option.meaning}`, COLUMNS),
  ]);
  return [`  holdfast ${synopsis(row)}`, ...fold(`      ${row.summary}`, COLUMNS), ...options];
}

/** What `holdfast help` prints, for the narrowest terminal there usually is. */
export function helpText(): string {
  return `holdfast ${VERSION}: industrial gateway, field bus to MQTT

${COMMAND_TABLE.flatMap(commandLines).join("\n")}

Exit codes: ${EXIT_CODES}.
`;
}

function commandLines(row: CommandRow): readonly string[] {
  const optional = (row.options ?? []).filter(({ needed }) => needed !== true);
  const options = optional.map((option) => `[${optionText(option)}]`.replaceAll(" ", HELD)).join(" ");
  return [
    `  holdfast ${synopsis(row)}`,
    ...fold(`      ${row.summary}`, COLUMNS),
    ...(options === "" ? [] : fold(`      ${options}`, COLUMNS)),
  ].map((line) => line.replaceAll(HELD, " "));
}

const COLUMNS = 80;
/** A space at which no line is broken: an option stays with its value. */
const HELD = "\u00a0";

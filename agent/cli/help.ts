import { VERSION } from "../version.ts";
import { COMMAND_TABLE, EXIT_CODES, optionText, synopsis } from "./command-table.ts";
import type { CommandRow } from "./command-table.ts";

/** What `holdfast help` prints. */
export function helpText(): string {
  const column = Math.max(...COMMAND_TABLE.map((row) => synopsis(row).length)) + 2;
  return `holdfast ${VERSION}: industrial gateway, field bus to MQTT

${COMMAND_TABLE.map((row) => `  holdfast ${synopsis(row).padEnd(column)}${explained(row)}`).join("\n")}

Exit codes: ${EXIT_CODES}.
`;
}

function explained({ summary, options = [] }: CommandRow): string {
  const optional = options.filter(({ needed }) => needed !== true).map((option) => `[${optionText(option)}]`);
  return optional.length === 0 ? summary : `${summary}  ${optional.join(" ")}`;
}

import { COMMAND_TABLE } from "../../../agent/cli/command-table.ts";
import type { CommandOption, CommandRow } from "../../../agent/cli/command-table.ts";

/** The first words of all commands, once each: `config`, `run`… */
export function firstWords(): readonly string[] {
  return [...new Set(COMMAND_TABLE.map(({ words }) => words.split(" ")[0] ?? ""))];
}

/** First words that want a second one, with those. */
export function groups(): ReadonlyMap<string, readonly CommandRow[]> {
  const twoWords = COMMAND_TABLE.filter(({ words }) => words.includes(" "));
  return Map.groupBy(twoWords, ({ words }) => words.split(" ")[0] ?? "");
}

/** Every option that takes a value, once. */
export function valueOptions(): readonly CommandOption[] {
  const all = COMMAND_TABLE.flatMap(({ options = [] }) => options).filter(({ value }) => value !== undefined);
  return [...new Map(all.map((option) => [option.flag, option])).values()];
}

import { COMMAND_TABLE } from "../../../agent/cli/command-table.ts";
import type { CommandRow } from "../../../agent/cli/command-table.ts";
import { firstWords, groups } from "./tree.ts";

/** Completion for zsh, with what each command does, from the table of commands. */
export function zshCompletion(): string {
  return `#compdef holdfast
# zsh completion for holdfast(1), made by npm run package
_holdfast() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${firstWords().map(firstLine).join("\n")}
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  case $command in
${[...groups()].map(groupCase).join("\n")}
  esac
  case $command in
${COMMAND_TABLE.map(argumentsCase).join("\n")}
  esac
}
_holdfast "$@"
`;
}

function firstLine(first: string): string {
  const alone = COMMAND_TABLE.find(({ words }) => words === first);
  return `      ${quoted(`${first}:${alone?.summary ?? `what can be done with the ${first}`}`)}`;
}

function groupCase([first, rows]: readonly [string, readonly CommandRow[]]): string {
  const verbs = rows.map(({ words, summary }) => quoted(`${words.slice(first.length + 1)}:${summary}`));
  return `    ${first})
      if (( CURRENT == 3 )); then
        local -a verbs=(${verbs.join(" ")})
        _describe verb verbs
        return
      fi
      command="$words[2] $words[3]"
      shift words
      (( CURRENT-- ))
      ;;`;
}

function argumentsCase({ words, operand, options = [] }: CommandRow): string {
  const specs = options.map(({ flag, value, meaning }) => {
    const said = `[${meaning.replaceAll(/[[\]:\\]/g, String.raw`\$&`)}]`;
    if (value === undefined) return quoted(`${flag}${said}`);
    return quoted(`${flag}=${said}:${value.toLowerCase()}:${WHAT[value] ?? ""}`);
  });
  const named = operand === "FILE" ? [quoted("*:file:_files")] : [];
  const all = [...specs, ...named].join(" ");
  // the first word of a group was shifted away, so that options begin where _arguments looks for them
  return `    ${quoted(words)}) shift words; (( CURRENT-- )); ${all === "" ? ":" : `_arguments ${all}`} ;;`;
}

/** Which completion serves a value; none where only the site knows. */
const WHAT: Readonly<Record<string, string>> = { FILE: "_files", PATH: "_files", DIR: "_files -/" };

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

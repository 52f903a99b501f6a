import { COMMAND_TABLE } from "../../../agent/cli/command-table.ts";
import type { CommandRow } from "../../../agent/cli/command-table.ts";
import { firstWords, groups, valueOptions } from "./tree.ts";

/** Completion for bash, from the table of commands. It needs no library. */
export function bashCompletion(): string {
  return `# bash completion for holdfast(1), made by npm run package
_holdfast() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  local command=\${COMP_WORDS[1]-} words='' files=''
  local deep=1
  case $command in
    ${[...groups().keys()].join(" | ")}) deep=2 command="$command \${COMP_WORDS[2]-}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${firstWords().join(" ")}'
  elif [ "$COMP_CWORD" -le "$deep" ]; then
    case \${COMP_WORDS[1]} in
${[...groups()].map(([first, rows]) => `      ${first}) words='${rows.map(secondWord).join(" ")}' ;;`).join("\n")}
    esac
  else
    case $previous in
${valueOptions()
  .map(({ flag, value = "" }) => `      ${flag}) files=${WHAT[value] ?? ""} ;;`)
  .join("\n")}
      *)
        case $command in
${COMMAND_TABLE.map(offers).join("\n")}
        esac
        ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen \${files:+"$files"} \${words:+-W "$words"} -- "$current")
}
complete -o filenames -F _holdfast holdfast
`;
}

/** What compgen(1) lists for a value; nothing where only the site knows. */
const WHAT: Readonly<Record<string, string>> = { FILE: "-f", PATH: "-f", DIR: "-d" };

const secondWord = ({ words }: CommandRow): string => words.split(" ")[1] ?? "";

function offers({ words, operand, options = [] }: CommandRow): string {
  const flags = options.map(({ flag }) => flag).join(" ");
  const files = operand === "FILE" ? " files=-f" : "";
  return `          '${words}') words='${flags}'${files} ;;`;
}

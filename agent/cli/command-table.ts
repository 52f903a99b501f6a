/** One option of a command, as a person types it. */
export interface CommandOption {
  /** `--json` */
  readonly flag: string;
  /** what follows it, in capitals; none where it is a switch */
  readonly value?: "FILE" | "DIR" | "PATH" | "NAME" | "NUMBER";
  /** the command refuses to do without it */
  readonly needed?: boolean;
}

/** One command of `holdfast`. */
export interface CommandRow {
  /** after `holdfast` */
  readonly words: string;
  /** what it works on, in capitals */
  readonly operand?: "FILE" | "NAME";
  readonly summary: string;
  readonly options?: readonly CommandOption[];
}

const JSON_OUTPUT: CommandOption = { flag: "--json" };
const CONTROL: CommandOption = { flag: "--control", value: "PATH" };

/** Every command there is. `holdfast help`, the manual page and the completion of shells are made from it. */
export const COMMAND_TABLE: readonly CommandRow[] = [
  {
    words: "run",
    summary: "run the gateway; the file is read again when it changes",
    options: [
      { flag: "--config", value: "FILE", needed: true },
      { flag: "--state", value: "DIR" },
      { flag: "--run", value: "DIR" },
    ],
  },
  {
    words: "status",
    summary: "what the running gateway does",
    options: [{ flag: "--points" }, { flag: "--watch" }, JSON_OUTPUT, CONTROL],
  },
  {
    words: "config check",
    operand: "FILE",
    summary: "is this file right, and if not, where and what instead",
    options: [JSON_OUTPUT],
  },
  { words: "config apply", operand: "FILE", summary: "hand this file to the running gateway", options: [CONTROL] },
  { words: "config compile", operand: "FILE", summary: "the file as the rooms load it" },
  {
    words: "config acl",
    operand: "FILE",
    summary: "what a broker's access rules must allow this gateway, or a host",
    options: [
      { flag: "--broker", value: "NAME", needed: true },
      { flag: "--identity", value: "NAME" },
      { flag: "--host", value: "NAME" },
    ],
  },
  { words: "config schema", summary: "the JSON Schema of the file, for editors" },
  { words: "config reference", summary: "every key of the file, explained" },
  { words: "config example", summary: "a commented file to begin with" },
  {
    words: "uplink test",
    operand: "FILE",
    summary: "how far the gateway comes on its way to each broker, and why no further",
    options: [
      { flag: "--broker", value: "NUMBER" },
      { flag: "--interface", value: "NAME" },
      { flag: "--take-over" },
      JSON_OUTPUT,
    ],
  },
  {
    words: "telemetry decode",
    operand: "FILE",
    summary: "what captured MQTT messages say; FILE holds lines of `mosquitto_sub -F '%t %x'`, - is standard input",
    options: [{ flag: "--topic", value: "NAME" }, JSON_OUTPUT],
  },
  { words: "self-test", summary: "can this installation do its work", options: [JSON_OUTPUT] },
  { words: "version", summary: "the version, and nothing else" },
  { words: "help", summary: "this list" },
];

export const EXIT_CODES = "0 done, 1 refused or failed, 2 used wrongly";

/** How a command is typed: words, operand, and the options it cannot do without. */
export function synopsis({ words, operand, options = [] }: CommandRow): string {
  const needed = options.filter((option) => option.needed === true).map(optionText);
  return [words, ...needed, ...(operand === undefined ? [] : [operand])].join(" ");
}

/** `--state DIR` */
export function optionText({ flag, value }: CommandOption): string {
  return value === undefined ? flag : `${flag} ${value}`;
}

import { DEFAULT_RUN_FOLDER, DEFAULT_STATE_FOLDER, doorPath } from "../process/layout.ts";

/** One option of a command, as a person types it. */
export interface CommandOption {
  /** `--json` */
  readonly flag: string;
  /** what follows it, in capitals; none where it is a switch */
  readonly value?: "FILE" | "DIR" | "PATH" | "NAME" | "NUMBER";
  /** what it does, as the manual page and zsh say it */
  readonly meaning: string;
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

const CONTROL_PATH = doorPath({ stateFolder: DEFAULT_STATE_FOLDER, runFolder: DEFAULT_RUN_FOLDER }, "control");
const JSON_OUTPUT: CommandOption = { flag: "--json", meaning: "as JSON, for programs" };
const CONTROL: CommandOption = {
  flag: "--control",
  value: "PATH",
  meaning: `the control socket of the gateway, otherwise ${CONTROL_PATH}`,
};

/** Every command there is. `holdfast help`, the manual page and the completion of shells are made from it. */
export const COMMAND_TABLE: readonly CommandRow[] = [
  {
    words: "run",
    summary: "run the gateway; the file is read again when it changes",
    options: [
      { flag: "--config", value: "FILE", meaning: "the configuration", needed: true },
      { flag: "--state", value: "DIR", meaning: `what must survive a reboot, otherwise ${DEFAULT_STATE_FOLDER}` },
      { flag: "--run", value: "DIR", meaning: `sockets, otherwise ${DEFAULT_RUN_FOLDER}` },
    ],
  },
  {
    words: "status",
    summary: "what the running gateway does",
    options: [
      { flag: "--points", meaning: "with the value of every point" },
      { flag: "--watch", meaning: "every point, again and again, until Ctrl-C" },
      JSON_OUTPUT,
      CONTROL,
    ],
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
      { flag: "--broker", value: "NAME", meaning: "in whose language: mosquitto or emqx", needed: true },
      {
        flag: "--identity",
        value: "NAME",
        meaning: "whom the broker takes the gateway for, otherwise the common name of its certificate",
      },
      { flag: "--host", value: "NAME", meaning: "the rules of this host application instead of the gateway's" },
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
      { flag: "--broker", value: "NUMBER", meaning: "this one alone, counted from 1 as the file lists them" },
      { flag: "--interface", value: "NAME", meaning: "through this network interface alone" },
      {
        flag: "--take-over",
        meaning:
          "with the gateway's own client id, for brokers that tie it to the certificate: one that runs loses its session",
      },
      JSON_OUTPUT,
    ],
  },
  {
    words: "telemetry decode",
    operand: "FILE",
    summary: "what captured MQTT messages say; FILE holds lines of `mosquitto_sub -F '%t %x'`, - is standard input",
    options: [
      { flag: "--topic", value: "NAME", meaning: "FILE is one bare payload, which came on this topic" },
      JSON_OUTPUT,
    ],
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

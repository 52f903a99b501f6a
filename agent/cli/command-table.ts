import { DEFAULT_RUN_FOLDER, DEFAULT_STATE_FOLDER, doorPath } from "../process/layout.ts";

/** One option of a command, as a person types it. */
export interface CommandOption {
  /** `--json` */
  readonly flag: string;
  /** what follows it, in capitals; none where it is a switch */
  readonly value?: "FILE" | "DIR" | "PATH" | "NAME" | "NUMBER" | "TEXT";
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
  /** it does without, too */
  readonly operandOptional?: boolean;
  readonly summary: string;
  readonly options?: readonly CommandOption[];
}

const CONTROL_PATH = doorPath({ stateFolder: DEFAULT_STATE_FOLDER, runFolder: DEFAULT_RUN_FOLDER }, "control");
const JSON_OUTPUT: CommandOption = { flag: "--json", meaning: "as JSON, for programs" };
const LANG: CommandOption = { flag: "--lang", value: "NAME", meaning: "en or de, otherwise the terminal's language" };
const CONTROL: CommandOption = {
  flag: "--control",
  value: "PATH",
  meaning: `the control socket of the gateway, otherwise $HOLDFAST_CONTROL or ${CONTROL_PATH}`,
};

const REASON: CommandOption = { flag: "--reason", value: "TEXT", meaning: "why, for whoever comes next" };

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
      LANG,
      JSON_OUTPUT,
      CONTROL,
    ],
  },
  {
    words: "why",
    operand: "NAME",
    operandOptional: true,
    summary: "what is red, the evidence for it, and what to do next; NAME is a bus, device, point, output or alarm",
    options: [LANG, JSON_OUTPUT, CONTROL],
  },
  {
    words: "inventory",
    operand: "NAME",
    operandOptional: true,
    summary: "who was seen on each bus, how fast each answers, and who else asks; NAME is one bus",
    options: [JSON_OUTPUT, CONTROL],
  },
  {
    words: "discover",
    summary: "who answers on a serial line or socket that nothing uses: listens first, proposes a file",
    options: [
      { flag: "--path", value: "PATH", meaning: "the serial line, such as /dev/serial/by-id/usb-…" },
      { flag: "--baud", value: "NUMBER", meaning: "bits per second, several with commas, otherwise 19200" },
      { flag: "--parity", value: "NAME", meaning: "none, even or odd, several with commas, otherwise even" },
      { flag: "--host", value: "NAME", meaning: "a Modbus TCP socket instead of a serial line" },
      { flag: "--port", value: "NUMBER", meaning: "its port, otherwise 502" },
      { flag: "--units", value: "TEXT", meaning: "unit ids to ask, such as 1-10,20, otherwise 1-247" },
      { flag: "--listen", value: "NUMBER", meaning: "seconds to listen before anything is sent, otherwise 12" },
      { flag: "--identify", meaning: "ask whoever answers for vendor, product and revision, too" },
      JSON_OUTPUT,
      CONTROL,
    ],
  },
  {
    words: "outputs",
    summary: "what may be written now, every reason why not, and how far the fail-safe plan is",
    options: [LANG, JSON_OUTPUT, CONTROL],
  },
  {
    words: "outputs hold",
    operand: "NAME",
    operandOptional: true,
    summary: "refuse every command to the outputs NAME…, DEVICE/POINT each, or to all, until a release",
    options: [REASON, LANG, JSON_OUTPUT, CONTROL],
  },
  {
    words: "outputs to-plan",
    operand: "NAME",
    operandOptional: true,
    summary: "write the fail-safe plan now, or its steps for the outputs NAME… alone",
    options: [REASON, LANG, JSON_OUTPUT, CONTROL],
  },
  {
    words: "outputs release",
    operand: "NAME",
    operandOptional: true,
    summary: "let the outputs NAME… or all be commanded again; nothing is written by that",
    options: [REASON, LANG, JSON_OUTPUT, CONTROL],
  },
  {
    words: "alarms",
    summary: "every alarm that is not normal, the most urgent first, with what was seen",
    options: [LANG, JSON_OUTPUT, CONTROL],
  },
  {
    words: "alarms acknowledge",
    operand: "NAME",
    operandOptional: true,
    summary: "say that somebody has seen the alarm NAME",
    options: [
      { flag: "--all", meaning: "every alarm that waits, instead of NAME" },
      REASON,
      LANG,
      JSON_OUTPUT,
      CONTROL,
    ],
  },
  {
    words: "alarms shelve",
    operand: "NAME",
    summary: "hear nothing of the alarm NAME for a while; it comes back by itself",
    options: [
      { flag: "--for", value: "TEXT", meaning: "how long, such as 30m or 2h; at most its shelveMsMax", needed: true },
      { ...REASON, needed: true },
      LANG,
      JSON_OUTPUT,
      CONTROL,
    ],
  },
  {
    words: "alarms unshelve",
    operand: "NAME",
    summary: "hear of the alarm NAME again, at once",
    options: [REASON, LANG, JSON_OUTPUT, CONTROL],
  },
  {
    words: "config check",
    operand: "FILE",
    summary: "is this file right, and if not, where and what instead",
    options: [JSON_OUTPUT],
  },
  {
    words: "config plan",
    operand: "FILE",
    summary: "how full each bus will be, and how long the fail-safe plan may take",
    options: [
      { flag: "--answer", value: "NUMBER", meaning: "milliseconds that devices take to answer, otherwise 10" },
      JSON_OUTPUT,
    ],
  },
  { words: "config apply", operand: "FILE", summary: "hand this file to the running gateway", options: [CONTROL] },
  { words: "config compile", operand: "FILE", summary: "the file as the rooms load it" },
  {
    words: "config expand",
    operand: "FILE",
    summary: "the file with its templates, variables and tables written out",
    options: [JSON_OUTPUT],
  },
  {
    words: "config import telegraf",
    operand: "FILE",
    summary: "a file made from the Modbus inputs of Telegraf, and what could not be converted",
    options: [
      { flag: "--site", value: "NAME", meaning: "where the gateway stands" },
      { flag: "--device", value: "NAME", meaning: "which gateway it is" },
      { flag: "--broker", value: "NAME", meaning: "address of the MQTT broker, such as mqtts://broker.example.org" },
      JSON_OUTPUT,
    ],
  },
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
    words: "notify test",
    operand: "FILE",
    summary: "sends a marked event to each receiver of alarms, and says which of them have it",
    options: [{ flag: "--receiver", value: "NAME", meaning: "to this one alone" }, JSON_OUTPUT],
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
  { words: "help", summary: "this list; with a command behind it, or `--help` behind a command: that one explained" },
];

export const EXIT_CODES = "0 done, 1 refused or failed, 2 used wrongly";

/** How a command is typed: words, operand, and the options it cannot do without. */
export function synopsis({ words, operand, operandOptional = false, options = [] }: CommandRow): string {
  const needed = options.filter((option) => option.needed === true).map(optionText);
  return [words, ...needed, ...(operand === undefined ? [] : [operandOptional ? `[${operand}]` : operand])].join(" ");
}

/** `--state DIR` */
export function optionText({ flag, value }: CommandOption): string {
  return value === undefined ? flag : `${flag} ${value}`;
}

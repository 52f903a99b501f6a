import { COMMAND_TABLE, EXIT_CODES, optionText } from "../../../agent/cli/command-table.ts";
import type { CommandRow } from "../../../agent/cli/command-table.ts";
import { CONFIG_PATH } from "../places.ts";
import { bold, italic, manualPage, roff, tagged } from "./roff.ts";

/** holdfast(1), from the table of commands. */
export function commandPage(version: string, epochS: number): string {
  return manualPage({
    name: "holdfast",
    section: 1,
    version,
    epochS,
    summary: "industrial gateway, field bus to MQTT",
    sections: [
      ["SYNOPSIS", COMMAND_TABLE.map(synopsisLine).join("\n.br\n")],
      [
        "DESCRIPTION",
        roff(
          `Polls Modbus devices and carries their values to an MQTT broker as a Sparkplug B edge node. Where the units of the package run the gateway, a changed ${CONFIG_PATH} is taken over by itself; holdfast run does the same on systems without systemd.`,
        ),
      ],
      ["COMMANDS", COMMAND_TABLE.map(explained).join("\n")],
      ["EXIT STATUS", roff(`${EXIT_CODES}. holdfast status also exits with 1 where something needs a hand.`)],
      ["EXAMPLES", EXAMPLES.map(([what, line]) => tagged(roff(what), roff(line))).join("\n")],
      ["FILES", tagged(roff(CONFIG_PATH), roff("the configuration, where the units of the package run the gateway"))],
      ["SEE ALSO", `${bold("holdfast-gateway.yaml")}(5),\n${bold("holdfast")}(8)`],
    ],
  });
}

/** What a technician does with it, in the order of a commissioning. */
const EXAMPLES = [
  ["Is the configuration right, before anything runs with it?", `holdfast config check ${CONFIG_PATH}`],
  ["Why does it not reach the broker?", `holdfast uplink test ${CONFIG_PATH}`],
  ["What comes from the field, second by second?", "holdfast status --watch"],
  ["What does the broker get?", "mosquitto_sub -t 'spBv1.0/#' -F '%t %x' … | holdfast telemetry decode -"],
] as const;

function explained(row: CommandRow): string {
  const options = (row.options ?? []).map((option) => tagged(bold(optionText(option)), roff(capital(option.meaning))));
  const summary = tagged(commandLine(row), roff(capital(row.summary)));
  // RS and RE: the options stand below their command
  return options.length === 0 ? summary : [summary, ".RS", ...options, ".RE"].join("\n");
}

function commandLine({ words, operand, options = [] }: CommandRow): string {
  const parts = options.map(({ flag, value, needed }) => {
    const text = value === undefined ? bold(flag) : `${bold(flag)} ${italic(value)}`;
    return needed === true ? text : `[${text}]`;
  });
  return [bold(words), ...(operand === undefined ? [] : [italic(operand)]), ...parts].join(" ");
}

const synopsisLine = (row: CommandRow): string => `${bold("holdfast")} ${commandLine(row)}`;

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

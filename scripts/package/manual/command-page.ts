import { COMMAND_TABLE, EXIT_CODES } from "../../../agent/cli/command-table.ts";
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
      ["COMMANDS", COMMAND_TABLE.map((row) => tagged(commandLine(row), roff(capital(row.summary)))).join("\n")],
      ["EXIT STATUS", roff(`${EXIT_CODES}.`)],
      ["SEE ALSO", `${bold("holdfast-gateway.yaml")}(5),\n${bold("holdfast")}(8)`],
    ],
  });
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

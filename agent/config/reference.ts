import { CONFIG_CODES } from "./codes.ts";
import { FILE_CHARS_MAX } from "./document.ts";
import { EXAMPLE_GATEWAY_YAML } from "./example.ts";
import { GatewayFile } from "./schema.ts";
import { shapeOf } from "./schema/shape.ts";
import type { Shape } from "./schema/shape.ts";
import { wanted } from "./hints/words.ts";

/** The reference in `docs/operate/configuration.md`: every key, every code, from the schema itself. */
export function configReference(): string {
  return `${[
    "# Configuration reference",
    "This page is generated: `holdfast config reference` prints it.",
    INTRODUCTION,
    "## An example",
    `\`\`\`yaml\n${EXAMPLE_GATEWAY_YAML}\`\`\``,
    "## Keys",
    ...sections(shapeOf(GatewayFile), ""),
    SIMILAR,
    "## What `config check` finds",
    "Codes do not change their meaning. Each finding names line, column, what was offered, what is wanted, and what to write instead.",
    table(
      ["Code", "Stands for"],
      Object.entries(CONFIG_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
    LIMITS,
  ].join("\n\n")}\n`;
}

const INTRODUCTION = `A gateway is told everything by one YAML 1.2 file of at most ${FILE_CHARS_MAX / 1024 / 1024} MiB. Unknown keys are refused, and so is a file that is only partly right: the
gateway keeps running on the one before.

\`\`\`text
holdfast config check gateway.yaml     is it right, and if not, where and what instead (--json for programs)
holdfast config expand gateway.yaml    the file with its templates, variables and tables written out
holdfast config compile gateway.yaml   the snapshot that the gateway loads, with every default written out
holdfast config schema                 JSON Schema for editors
holdfast config example                the file below
\`\`\`

Exit codes: 0 right, 1 refused, 2 used wrongly.

YAML 1.2 differs from what older programs read: \`yes\`, \`no\`, \`on\`, \`off\` are text and not truth values; a number that begins
with 0 is refused, since it is octal to some; \`0x1f\` and \`0o17\` are numbers, \`1_000\` and \`1:30\` are not. Anchors (\`&name\`) and
aliases (\`*name\`) repeat whole values; merge keys (\`<<\`) do not exist.`;

const SIMILAR = `## Files that share what they have in common

These keys are about the files themselves and are gone once the configuration is written out. All further files lie in the
folder of the first one or below. [many-similar-units.md](many-similar-units.md) shows them at work.

| Key | Where | Meaning |
| --- | ----- | ------- |
| \`extends\` | top level | a file whose keys hold where this one gives none; a key that both give is this one's, as a whole |
| \`variables\` | top level | \`name: default\`, or \`name: { type, default, description }\`; in a file that extends another: \`name: value\` |
| \`templates\` | top level | \`name: { parameters, body }\`: parameters are declared as variables are, the body is a mapping or a list |
| \`use\`, \`with\` | in place of a mapping, or among the entries of a list | the body of a template with these parameters; other keys beside them replace the body's own |
| \`csv\` | in place of a list | a table: its first row has the keys, each further row is an entry, an empty cell gives nothing |
| \`\${name}\` | in any value | a variable or parameter; alone it keeps its type; \`$\${\` stands for \`\${\` itself |`;

const LIMITS = `## Serial device paths

\`/dev/ttyUSB0\` and \`/dev/ttyACM0\` are refused: the number is given in the order of plugging in, and after a restart another
machine may stand behind it. \`/dev/serial/by-id/…\` names the adapter, \`/dev/serial/by-path/…\` the socket it is plugged into.
Ports of the board itself (\`/dev/ttyS0\`, \`/dev/ttyAMA0\`) stay where they are and are fine.

## What is judged beyond the schema

A file is refused where it asks for the impossible: more polling than the serial line has time for even if every device
answered at once, a device whose birth does not fit in one MQTT packet, a setting, topic or rate that a broker named by its
\`profile\` does not take. Whether a device, a host or a PEM file exists is not judged here: a gateway starts without them,
and \`holdfast status\` says what is missing.`;

function sections(shape: Shape, path: string): readonly string[] {
  const inner = shape.type === "array" ? shape.items : shape;
  if (inner?.properties === undefined) return [];
  const here = shape.type === "array" ? `${path}[]` : path;
  const children = Object.entries(inner.properties);
  const rows = children.map(([key, child]) => [
    `\`${key}\``,
    inner.required?.includes(key) === true ? "yes" : "",
    escape(kind(child)),
    child.default === undefined ? "" : `\`${JSON.stringify(child.default).replaceAll('"', "")}\``,
    escape(child.description ?? ""),
  ]);
  return [
    `### ${here === "" ? "The file" : `\`${here}\``}`,
    ...(inner.description === undefined ? [] : [inner.description]),
    table(["Key", "Needed", "Value", "Default", "Meaning"], rows),
    ...children.flatMap(([key, child]) => sections(child, here === "" ? key : `${here}.${key}`)),
  ];
}

function kind(shape: Shape): string {
  if (shape.anyOf !== undefined) return shape.anyOf.map((option) => `\`${option.const}\``).join(", ");
  return shape.type === "object" ? "keys, see below" : wanted(shape);
}

function escape(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "\\<");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

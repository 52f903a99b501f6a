import { CONFIG_CODES } from "../../../agent/config/codes.ts";
import { EXAMPLE_GATEWAY_YAML } from "../../../agent/config/example.ts";
import { wanted } from "../../../agent/config/hints/words.ts";
import { GatewayFile } from "../../../agent/config/schema.ts";
import { shapeOf } from "../../../agent/config/schema/shape.ts";
import type { Shape } from "../../../agent/config/schema/shape.ts";
import { CONFIG_PATH, SECRETS_FOLDER } from "../places.ts";
import { bold, manualPage, roff, tagged } from "./roff.ts";

/** holdfast-gateway.yaml(5), from the schema that checks the file. */
export function configPage(version: string, epochS: number): string {
  return manualPage({
    name: "holdfast-gateway.yaml",
    section: 5,
    version,
    epochS,
    summary: "configuration of a Holdfast gateway",
    sections: [
      ["SYNOPSIS", roff(CONFIG_PATH)],
      [
        "DESCRIPTION",
        roff(
          `One YAML 1.2 file tells a gateway everything. Unknown keys are refused, and so is a file that is only partly right: the gateway keeps running on the one before. The PEM and password files that it names are read by uplink alone; ${SECRETS_FOLDER} is for them.`,
        ),
      ],
      ["KEYS", keys(shapeOf(GatewayFile), "").join("\n")],
      [
        "FINDINGS",
        Object.entries(CONFIG_CODES)
          .map(([code, meaning]) => tagged(bold(code), roff(meaning)))
          .join("\n"),
      ],
      ["EXAMPLES", `.nf\n${roff(EXAMPLE_GATEWAY_YAML).trimEnd()}\n.fi`],
      ["SEE ALSO", `${bold("holdfast")}(1),\n${bold("holdfast")}(8)`],
    ],
  });
}

function keys(shape: Shape, path: string): readonly string[] {
  const inner = shape.type === "array" ? shape.items : shape;
  const here = shape.type === "array" ? `${path}[]` : path;
  return Object.entries(inner?.properties ?? {}).flatMap(([key, child]) => {
    const name = here === "" ? key : `${here}.${key}`;
    const needed = inner?.required?.includes(key) === true ? ", needed" : "";
    const preset = child.default === undefined ? "" : `, otherwise ${JSON.stringify(child.default)}`;
    const meaning = child.description === undefined ? "" : `\n.br\n${roff(child.description)}`;
    return [tagged(bold(name), `${roff(`${kind(child)}${needed}${preset}`)}${meaning}`), ...keys(child, name)];
  });
}

function kind(shape: Shape): string {
  if (shape.anyOf !== undefined) return shape.anyOf.map((option) => String(option.const)).join(", ");
  return shape.type === "object" ? "keys" : wanted(shape).replaceAll("`", "");
}

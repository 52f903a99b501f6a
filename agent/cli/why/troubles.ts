import { fileOfFinding } from "../../contract/finding-place.ts";
import type { GatewayStatus } from "../../contract/status.ts";
import { EVIDENCE } from "../words/evidence.ts";
import { fieldTroubles, trouble } from "./field-troubles.ts";
import { plantTroubles } from "./plant-troubles.ts";
import type { Trouble } from "./trouble.ts";
import { uplinkTroubles } from "./uplink-troubles.ts";

/** Everything that is wrong with a gateway, what needs a hand before what needs an eye. */
export function troublesOf(status: GatewayStatus): readonly Trouble[] {
  const { field, uplink, device } = status;
  const found = [
    ...(device === "" ? [trouble("config", "UNCONFIGURED", "red", () => [])] : []),
    ...configTrouble(status),
    ...(field === null ? [away("field")] : [...plantTroubles(field), ...fieldTroubles(field)]),
    ...(uplink === null ? [away("uplink")] : uplinkTroubles(uplink)),
  ];
  return [...found.filter(({ severity }) => severity === "red"), ...found.filter(({ severity }) => severity !== "red")];
}

function configTrouble({ configReport }: GatewayStatus): readonly Trouble[] {
  if (configReport === null) return [];
  return [
    trouble("config", "CONFIG_REFUSED", "red", (say) =>
      configReport.findings.map((finding) => {
        const { line, column, path, code, message, hint } = finding;
        const place = line > 0 ? `${fileOfFinding(configReport, finding)}:${line}:${column}` : path;
        return say(EVIDENCE.finding, { place, code, message, hint });
      }),
    ),
  ];
}

function away(room: "field" | "uplink"): Trouble {
  return trouble(room, "ROOM_AWAY", "red", (say) => [say(EVIDENCE.noAnswer)]);
}

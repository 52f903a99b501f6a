import { TomlError, parse } from "smol-toml";
import type { TomlTable } from "smol-toml";
import { busesOf } from "./buses.ts";
import type { Note } from "./notes.ts";
import { Notes } from "./notes.ts";
import { POLL_MS, readPlugin } from "./plugin.ts";
import { Section, isTable } from "./section.ts";
import { writeGateway } from "./write.ts";
import type { Identity } from "./write.ts";

const AGENT_INTERVAL_MS = 10_000;

export type Converted =
  | { readonly yaml: string; readonly notes: readonly Note[]; readonly devices: number; readonly points: number }
  | { readonly refused: { readonly code: "IMPORT_TOML" | "IMPORT_NOTHING"; readonly message: string } };

/**
 * Turns the `[[inputs.modbus]]` of a Telegraf file into a gateway file. Whatever has no counterpart is in the notes, with the
 * reason; so is every option that is not known.
 * @param fileName as people see it
 */
export function convertTelegraf(toml: string, fileName: string, identity: Identity): Converted {
  let file: TomlTable;
  try {
    file = parse(toml.replace(/^\ufeff/u, ""));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = ""] = error.message.split("\n");
    return { refused: { code: "IMPORT_TOML", message: `${fileName}:${error.line}:${error.column}: ${what}` } };
  }
  const notes = new Notes();
  const root = new Section(file, "", notes);
  const [agent] = root.sections("agent", () => "agent");
  const agentMs = agent?.within("interval", agent.duration("interval"), ...POLL_MS, " ms") ?? AGENT_INTERVAL_MS;
  const [inputs] = root.sections("inputs", () => "");
  const sections = inputs?.sections("modbus", (index) => `inputs.modbus ${index}`) ?? [];
  if (sections.length === 0) {
    const message = `${fileName} has no [[inputs.modbus]]: there is nothing to convert`;
    return { refused: { code: "IMPORT_NOTHING", message } };
  }
  loseTheRest(file, notes);
  const plugins = sections.flatMap((section) => readPlugin(section, agentMs) ?? []);
  const buses = busesOf(plugins, notes);
  const devices = buses.flatMap(({ keys }) => keys.devices) as readonly { readonly points: readonly object[] }[];
  if (devices.length === 0) {
    const told = notes.all.map(({ places: [place], about }) => `${place}: ${about}`);
    const reasons = told.length === 0 ? "" : ` (${told.join("; ")})`;
    return {
      refused: { code: "IMPORT_NOTHING", message: `${fileName} has no field that could be converted${reasons}` },
    };
  }
  return {
    yaml: writeGateway(buses, identity, fileName, notes.all),
    notes: notes.all,
    devices: devices.length,
    points: devices.reduce((sum, { points }) => sum + points.length, 0),
  };
}

/** What a Telegraf file says beside its Modbus inputs. */
function loseTheRest(file: TomlTable, notes: Notes): void {
  for (const [key, value] of Object.entries(file)) {
    const names = isTable(value) ? Object.keys(value) : [];
    if (key === "agent") {
      const others = names.filter((name) => name !== "interval");
      if (others.length > 0) notes.lost("agent", `${others.join(", ")}: settings of Telegraf itself`);
    } else if (key === "inputs") {
      for (const name of names)
        if (name !== "modbus") notes.lost(`inputs.${name}`, "no Modbus: Telegraf may go on reading it");
    } else if (key === "outputs") {
      for (const name of names) notes.lost(`outputs.${name}`, "values go to an MQTT broker: see `uplink:`");
    } else if (key === "global_tags") notes.lost(key, "values have no tags here, only their device and name");
    else if (["processors", "aggregators", "secretstores"].includes(key))
      for (const name of names)
        notes.lost(`${key}.${name}`, "it works on Telegraf's metrics; `derived:` reckons points from others");
    else notes.unknown(key, key);
  }
}

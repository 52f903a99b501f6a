import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  EXAMPLE_GATEWAY_YAML,
  canonicalJson,
  compileConfig,
  expandConfig,
  configReference,
  formatReport,
  gatewayJsonSchema,
} from "../config/index.ts";
import type { Snapshot } from "../config/snapshot.ts";
import { configAclCommand } from "./config-acl.ts";
import { configPlanCommand } from "./config-plan/command.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "./io.ts";
import type { FileIo } from "./io.ts";
import { diskParts } from "./read-part.ts";

const USAGE =
  "config wants one of: check FILE [--json], plan FILE [--answer MS] [--json], expand FILE, compile FILE, apply FILE, acl FILE, import telegraf FILE, schema, example, reference";

/** `holdfast config check|plan|expand|compile|acl|schema|example|reference`: what can be said about a file without a gateway. */
export async function configCommand(args: readonly string[], io: FileIo): Promise<number> {
  const [verb = "", ...rest] = args;
  switch (verb) {
    case "check":
    case "compile":
    case "expand":
      return fileCommand(verb, rest, io);
    case "plan":
      return configPlanCommand(rest, io);
    case "acl":
      return configAclCommand(rest, io);
    case "import":
      return (await import("./config-import.ts")).configImportCommand(rest, io);
    case "schema":
      return printed(verb, rest, `${JSON.stringify(gatewayJsonSchema(), undefined, 2)}\n`, io);
    case "example":
      return printed(verb, rest, EXAMPLE_GATEWAY_YAML, io);
    case "reference":
      return printed(verb, rest, configReference(), io);
    default:
      return misused(io, USAGE);
  }
}

function printed(verb: string, rest: readonly string[], text: string, io: FileIo): number {
  const others = rest.filter((arg) => arg !== "--json");
  if (others.length > 0) return misused(io, `config ${verb} takes no arguments`);
  io.out(text);
  return EXIT_DONE;
}

async function fileCommand(verb: "check" | "compile" | "expand", args: readonly string[], io: FileIo): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean", default: false } },
    });
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const [file, ...more] = parsed.positionals;
  if (file === undefined || more.length > 0) return misused(io, `config ${verb} wants exactly one FILE`);
  let text: string;
  try {
    text = await io.readFile(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(io, "CONFIG_FILE_UNREADABLE", why);
  }
  const path = resolve(file);
  const json = parsed.values.json;
  const read = diskParts(path);
  const expanded = verb === "expand" ? expandConfig(text, path, read) : compileConfig(text, path, read);
  const files = [file, ...expanded.parts.map((part) => join(dirname(file), part.name))];
  if ("report" in expanded) {
    const report = { ...expanded.report, file };
    if (json) io.out(`${JSON.stringify({ ok: false, files, ...report })}\n`);
    else io.err(formatReport(report, text, { colour: io.isTty, parts: expanded.parts }));
    return EXIT_FAILED;
  }
  if ("text" in expanded) {
    io.out(json ? `${JSON.stringify({ ok: true, files, text: expanded.text })}\n` : expanded.text);
    return EXIT_DONE;
  }
  const { snapshot } = expanded;
  if (verb === "compile") io.out(`${canonicalJson(snapshot)}\n`);
  else if (json) io.out(`${JSON.stringify({ ok: true, file, files, findings: [], ...summary(snapshot) })}\n`);
  else
    io.out(
      `${summaryLine(file, snapshot)}${files
        .slice(1)
        .map((part) => `  with ${part}\n`)
        .join("")}`,
    );
  return EXIT_DONE;
}

function summary(snapshot: Snapshot) {
  const devices = snapshot.field.buses.flatMap((bus) => bus.devices);
  return {
    site: snapshot.field.site,
    device: snapshot.field.device,
    buses: snapshot.field.buses.length,
    devices: devices.length,
    points: devices.reduce((sum, device) => sum + device.points.length, 0),
    digest: snapshot.digest,
  };
}

function summaryLine(file: string, snapshot: Snapshot): string {
  const { site, device, buses, devices, points, digest } = summary(snapshot);
  const counts = [
    counted(buses, "bus", "buses"),
    counted(devices, "device", "devices"),
    counted(points, "point", "points"),
  ];
  return `${file}: right. ${site}/${device}, ${counts.join(", ")}, digest ${digest.slice(0, 12)}\n`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

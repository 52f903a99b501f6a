import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { compileConfig, formatReport } from "../../config/index.ts";
import type { BrokerSnapshot, Snapshot } from "../../config/snapshot.ts";
import { EXIT_DONE, EXIT_FAILED, misused, refuse } from "../io.ts";
import type { CommandIo } from "../io.ts";
import { diskParts } from "../read-part.ts";
import { paintFor } from "../paint.ts";
import type { Paint } from "../paint.ts";
import type { Finding } from "./finding.ts";
import { walk } from "./walk.ts";
import type { WalkParts } from "./order.ts";

export interface UplinkTestParts extends WalkParts {
  /** The text of a file. Rejects where it cannot be read. */
  readonly readFile: (path: string) => Promise<string>;
}

interface Walked {
  readonly broker: string;
  readonly ok: boolean;
  readonly steps: readonly Finding[];
}

const USAGE = "uplink test wants FILE, and takes --broker N, --interface NAME, --take-over and --json";

/**
 * `holdfast uplink test [--broker N] [--interface NAME] [--take-over] [--json] FILE`: walks the whole way to each broker
 * of a configuration, from its name to its access rules, and says where it stops. Exits 1 where it does.
 */
export async function uplinkTestCommand(
  args: readonly string[],
  parts: UplinkTestParts,
  io: CommandIo,
): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: "string" },
        broker: { type: "string" },
        interface: { type: "string" },
        "take-over": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return misused(io, error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const [file = values.config, ...others] = positionals;
  if (file === undefined || others.length > 0) return misused(io, USAGE);
  const compiled = await snapshotOf(file, parts, io);
  if (typeof compiled === "number") return compiled;
  const { uplink, field } = compiled;
  const brokers =
    values.broker === undefined ? uplink.brokers : uplink.brokers.filter((_, i) => String(i + 1) === values.broker);
  if (brokers.length === 0) {
    return misused(io, `--broker wants a number from 1 to ${uplink.brokers.length}`);
  }
  const walked: Walked[] = [];
  for (const broker of brokers) {
    const printer = openPrinter(io, values.json);
    printer.title(addressOf(broker));
    const order = {
      part: uplink,
      broker,
      interfaceName: values.interface ?? uplink.interfaceNames[0],
      takeOver: values["take-over"],
      source: field.buses[0]?.devices[0]?.name ?? uplink.device,
    };
    const steps: Finding[] = [];
    const reached = await walk(parts, order, (finding) => {
      steps.push(finding);
      printer.finding(finding);
    });
    walked.push({
      broker: addressOf(broker),
      ok: reached && steps.every(({ outcome }) => outcome !== "failed"),
      steps,
    });
  }
  if (values.json) io.out(`${JSON.stringify({ brokers: walked })}\n`);
  return walked.every(({ ok }) => ok) ? EXIT_DONE : EXIT_FAILED;
}

async function snapshotOf(file: string, { readFile }: UplinkTestParts, io: CommandIo): Promise<Snapshot | number> {
  let text: string;
  try {
    text = await readFile(file);
  } catch (error) {
    return refuse(io, "CONFIG_FILE_UNREADABLE", error instanceof Error ? error.message : String(error));
  }
  const compiled = compileConfig(text, resolve(file), diskParts(resolve(file)));
  if ("snapshot" in compiled) return compiled.snapshot;
  io.err(formatReport({ ...compiled.report, file }, text, { colour: io.isTty, parts: compiled.parts }));
  return EXIT_FAILED;
}

function addressOf({ transport, host, port, path, proxy }: BrokerSnapshot): string {
  const through = proxy === undefined ? "" : ` through the proxy ${proxy.host}:${proxy.port}`;
  return `${transport === "tcp" ? `mqtts://${host}:${port}` : `wss://${host}:${port}${path}`}${through}`;
}

const STEP_COLUMNS = 12;
const MARKS = { ok: "✓", failed: "✗", unproven: "?" } as const;
const COLOURS = { ok: "green", failed: "red", unproven: "yellow" } as const;

function openPrinter(io: CommandIo, silent: boolean): { title(text: string): void; finding(finding: Finding): void } {
  if (silent) return { title() {}, finding() {} };
  const paint: Paint = paintFor(io.isTty);
  return {
    title: (text) => io.out(`${paint("bold", text)}\n`),
    finding({ step, outcome, says, code, tookMs, details }) {
      const mark = paint(COLOURS[outcome], MARKS[outcome]);
      const took = paint("dim", `${Math.round(tookMs)} ms`);
      io.out(`${mark} ${step.padEnd(STEP_COLUMNS)} ${code === undefined ? "" : `${code}: `}${says}  ${took}\n`);
      for (const detail of details) io.out(`${" ".repeat(STEP_COLUMNS + 3)}${paint("dim", detail)}\n`);
    },
  };
}

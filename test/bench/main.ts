import { parseArgs } from "node:util";
import type { BenchCase, BenchContext } from "./bench-case.ts";
import { alarms } from "./cases/alarms.ts";
import { encode } from "./cases/encode.ts";
import { fieldPeak } from "./cases/field-peak.ts";
import { field } from "./cases/field.ts";
import { idleUplink } from "./cases/idle-uplink.ts";
import { idle } from "./cases/idle.ts";
import { reconnect } from "./cases/reconnect.ts";
import { serial } from "./cases/serial.ts";
import { start } from "./cases/start.ts";
import { troubledLineCase } from "./cases/troubled-line.ts";
import { uplinkRate } from "./cases/uplink-rate.ts";
import { buildProduct } from "./gateway/product.ts";
import { scratchFolder } from "./machine/scratch.ts";
import { machineShape } from "./machine/shape.ts";
import { brokerKind } from "./peers/broker.ts";
import { missed, table } from "./report.ts";
import type { CaseResult } from "./report.ts";

const CASES: readonly BenchCase[] = [
  serial,
  start,
  idle,
  field,
  fieldPeak,
  encode,
  uplinkRate,
  reconnect,
  idleUplink,
  troubledLineCase,
  alarms,
];

const HELP = `npm run bench [-- NAME...] [--report-only] [--sources]

${CASES.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join("\n")}

Exit codes: 0 every target met (or --report-only), 1 one missed, 2 used wrongly. The last line is JSON.
The bundles are built anew into a scratch folder; --sources runs the sources instead, for profiling by name.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "report-only": { type: "boolean", default: false },
      sources: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const unknown = positionals.filter((name) => !CASES.some((one) => one.name === name));
  if (values.help || unknown.length > 0) {
    if (unknown.length > 0) process.stderr.write(`no case ${unknown.join(", ")}\n`);
    process.stderr.write(HELP);
    return values.help ? 0 : 2;
  }
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort(new Error("interrupted")));
  process.once("SIGTERM", () => abort.abort(new Error("ended")));
  const machine = machineShape();
  using scratch = scratchFolder();
  const product = await buildProduct(scratch.path, values.sources);
  const results: CaseResult[] = [];
  for (const one of CASES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    const say = (line: string): void => void process.stdout.write(`${one.name}: ${line}\n`);
    say(one.about);
    results.push(await attempt(one, { say, signal: abort.signal, entry: product.entry }));
    if (abort.signal.aborted) break;
  }
  process.stdout.write(`\n${table(results)}\n\n`);
  process.stdout.write(
    `${JSON.stringify({ bench: "holdfast", product: product.kind, broker: brokerKind(), machine, cases: results })}\n`,
  );
  return missed(results) && !values["report-only"] ? 1 : 0;
}

async function attempt(one: BenchCase, context: BenchContext): Promise<CaseResult> {
  try {
    return { name: one.name, figures: await one.run(context) };
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    context.say(failed);
    return { name: one.name, figures: [], failed: failed.split("\n")[0] ?? failed };
  }
}

process.exitCode = await main();

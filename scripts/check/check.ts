import { spawn } from "node:child_process";
import { join } from "node:path";

/** One thing `npm run check` looks at. */
interface Step {
  readonly name: string;
  /** a tool from node_modules/.bin, or a file of ours */
  readonly file: string;
  readonly args: readonly string[];
  /** what to do about a finding */
  readonly mend: string;
}

const tool = (name: string): string => join("node_modules", ".bin", name);

const STEPS: readonly Step[] = [
  { name: "format", file: tool("oxfmt"), args: ["--check"], mend: "npm run format" },
  { name: "lint", file: tool("oxlint"), args: [], mend: "see the rule; arrows are in scripts/house/lint/arrows.ts" },
  { name: "types", file: tool("tsc"), args: ["--noEmit"], mend: "see the compiler's words" },
  { name: "unused", file: tool("knip"), args: [], mend: "remove it, or name its user in knip.json" },
  { name: "contract", file: "scripts/contract/contract.ts", args: ["--check"], mend: "npm run contract" },
  { name: "words", file: "scripts/house/words.ts", args: [], mend: "see scripts/house/words.ts" },
  {
    name: "licences",
    file: "scripts/licences/check.ts",
    args: [],
    mend: "npm run licences -- --write, or drop the package",
  },
  { name: "lock", file: "scripts/house/lock.ts", args: ["--check"], mend: "npm run lock" },
];

/** As many steps at once as there are cores on the smallest machine we work on. */
const STEPS_AT_ONCE = 2;

const root = join(import.meta.dirname, "..", "..");

function run({ file, args }: Step): Promise<{ readonly ok: boolean; readonly said: string }> {
  return new Promise((settle) => {
    const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
    const settled = (ok: boolean): void => settle({ ok, said: Buffer.concat(said).toString("utf8").trimEnd() });
    child.once("error", () => settled(false));
    child.once("close", (code) => settled(code === 0));
  });
}

const waiting = [...STEPS];
const failed: string[] = [];

async function work(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const begun = performance.now();
    const { ok, said } = await run(step);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`${ok ? "ok    " : "FAILED"} ${step.name.padEnd(9)} ${seconds.padStart(5)} s`);
    if (ok) continue;
    failed.push(step.name);
    console.log(`${said}\n       → ${step.mend}\n`);
  }
}

await Promise.all(Array.from({ length: STEPS_AT_ONCE }, work));
if (failed.length > 0) {
  console.error(`check: ${failed.join(", ")} failed`);
  process.exitCode = 1;
}

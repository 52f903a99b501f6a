import { spawnSync } from "node:child_process";

export interface EndedRun {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly output: string;
}

/**
 * Runs a command to its end: user and system time from the kernel's own account, in milliseconds. Bash's `times` is the
 * reader, since Node shows no resource usage of a child.
 */
export function runAndExit(command: readonly string[], env: NodeJS.ProcessEnv = process.env): EndedRun {
  const script = 'TIMEFORMAT="%3U %3S %3R"; time "$@" >&3 2>&1';
  const run = spawnSync("bash", ["-c", script, "bench", ...command], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const [userS, systemS, wallS] = run.stderr.trim().split("\n").at(-1)?.split(" ").map(Number) ?? [];
  if (userS === undefined || systemS === undefined || wallS === undefined) throw new Error(`bash says ${run.stderr}`);
  return { cpuMs: (userS + systemS) * 1000, wallMs: wallS * 1000, output: run.output[3] ?? "" };
}

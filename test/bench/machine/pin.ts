import { spawnSync } from "node:child_process";

/** Moves a process with all its threads to these cores. False where there is no `taskset`, or no such core. */
export function pin(pid: number, cores: readonly number[]): boolean {
  return spawnSync("taskset", ["-a", "-c", "-p", cores.join(","), String(pid)], { stdio: "ignore" }).status === 0;
}

import { cpus, loadavg, release, totalmem } from "node:os";

/** What the figures were measured on, for whoever compares them. */
export interface MachineShape {
  readonly cores: number;
  readonly model: string;
  readonly memoryMiB: number;
  readonly kernel: string;
  readonly node: string;
  /** 1-minute load average when the run began: above 0.5 or so other work disturbed the wall times */
  readonly loadBefore: number;
}

export function machineShape(): MachineShape {
  const cores = cpus();
  return {
    cores: cores.length,
    model: cores[0]?.model ?? "unknown",
    memoryMiB: Math.round(totalmem() / 1024 / 1024),
    kernel: release(),
    node: process.versions.node,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

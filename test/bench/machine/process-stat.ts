import { readFileSync, readdirSync } from "node:fs";

/** `sysconf(_SC_CLK_TCK)` of every Linux architecture Node runs on. */
const TICKS_PER_SECOND = 100;
/** Fields of `/proc/PID/stat` counted from the one after the closing parenthesis of the name. */
const PARENT_FIELD = 1;
const USER_TICKS_FIELD = 11;
const CHILD_SYSTEM_TICKS_FIELD = 14;
const NANOSECONDS_PER_MS = 1e6;

/** A process and all that descend from it now, parents before children. */
export function processTree(rootPid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const fields = /^\d+$/.test(name) ? statFields(Number(name)) : undefined;
    if (fields === undefined) continue;
    const parent = Number(fields[PARENT_FIELD]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [rootPid];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** User and system time of these processes and of their children that have ended, milliseconds in steps of 10. */
export function cpuMs(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const fields = statFields(pid) ?? [];
    for (let at = USER_TICKS_FIELD; at <= CHILD_SYSTEM_TICKS_FIELD; at++) ticks += Number(fields[at] ?? 0);
  }
  return (ticks * 1000) / TICKS_PER_SECOND;
}

/** Time on a processor of the threads one process has now, milliseconds to the nanosecond; ended threads are not in it. */
export function threadsCpuMs(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const text = readText(`/proc/${pid}/task/${thread}/schedstat`);
    nanoseconds += Number(text?.split(" ")[0] ?? 0);
  }
  return nanoseconds / NANOSECONDS_PER_MS;
}

/**
 * Memory these processes together cost the machine, MiB: a page shared by n processes counts 1/n for each, so pages
 * shared with a process outside the list flatter it. Hence the gateway's own copy of the binary.
 */
export function pssMiB(pids: readonly number[]): number {
  let kib = 0;
  for (const pid of pids)
    kib += Number(/^Pss:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/smaps_rollup`) ?? "")?.[1] ?? 0);
  return kib / 1024;
}

/** How a process was started, the runtime first. */
export function commandLine(pid: number): readonly string[] {
  return (readText(`/proc/${pid}/cmdline`) ?? "").split("\0").slice(0, -1);
}

function statFields(pid: number): readonly string[] | undefined {
  const text = readText(`/proc/${pid}/stat`);
  // the name is in parentheses and may itself hold spaces and parentheses
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // ended meanwhile
  }
}

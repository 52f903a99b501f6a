import { posix } from "node:path";

const HAL = ["hal"] as const;
const ROOM = ["agent/contract", "agent/config", "update", "crypto", "hal"] as const;
const AGENT = ["agent", "agent/keeper", "agent/field", "agent/uplink", ...ROOM] as const;
/** The composition root: the `holdfast` command and one entry per process. Only these name a driver. */
const COMPOSITION = ["agent/main.ts", "agent/process", "agent/cli"] as const;

type Reach = readonly string[] | "everything" | "everything but test";

/**
 * Which part of the tree may import which: the arrows of the architecture, by folder.
 * A part may always import itself. What is not listed is refused.
 */
export const ARROWS: ReadonlyMap<string, Reach> = new Map<string, Reach>([
  ["hal/linux", HAL],
  ["hal", []],
  ["crypto", []],
  ["update/publisher", ["update", "crypto", "hal"]],
  ["update", ["crypto", "hal"]],
  ["agent/contract", HAL],
  ["agent/config", ["agent/contract", "hal"]],
  ["agent/keeper", ROOM],
  ["agent/field", ROOM],
  ["agent/uplink", ROOM],
  ...COMPOSITION.map((part): [string, Reach] => [part, [...COMPOSITION, ...AGENT, "hal/linux"]]),
  ["agent", AGENT],
  ["fleet", ["crypto", "update", "agent/contract"]],
  ["simulator", HAL],
  ["scripts", "everything but test"],
  ["test", "everything"],
]);

/** The part a file belongs to, by its path from the root of the tree; undefined outside the parts. */
export function partOf(path: string): string | undefined {
  return [...ARROWS.keys()]
    .filter((part) => path === part || path.startsWith(`${part}/`))
    .toSorted((a, b) => b.length - a.length)[0];
}

/**
 * Why `specifier` may not be imported by the file at `path`, or undefined where it may.
 * Packages and Node's modules are judged by other rules.
 */
export function refusedImport(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".") && !specifier.startsWith("/")) return undefined;
  const from = partOf(path);
  if (from === undefined) return undefined;
  const target = posix.join(posix.dirname(path), specifier);
  const to = partOf(target);
  if (to === undefined)
    return isRootFile(target) && mayReadRoot(from) ? undefined : `${target} is in no part of the tree`;
  if (from === to) return undefined;
  const allowed = ARROWS.get(from);
  if (allowed === undefined || allowed === "everything") return undefined;
  if (allowed === "everything but test") return to === "test" ? "nobody imports test" : undefined;
  if (allowed.includes(to)) return undefined;
  return `${from} may import ${allowed.length === 0 ? "nothing of ours" : allowed.join(", ")}; ${target} belongs to ${to}`;
}

const isRootFile = (target: string): boolean => !target.includes("/");
const mayReadRoot = (part: string): boolean => part === "scripts" || part === "test";

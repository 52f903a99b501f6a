import type { Notes } from "./notes.ts";
import type { Plugin } from "./plugin.ts";

type Settings = Readonly<Record<string, string | number | boolean | undefined>>;

/** What two sections ask of one unit, and a device has once: the first of them holds, and where the other differs is told. */
export function tellDifferences(first: Plugin, other: Plugin, unit: number, notes: Notes): void {
  const mine: Settings = { name: first.name, ...first.device, ...first.requests };
  const theirs: Settings = { name: other.name, ...other.device, ...other.requests };
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    if (mine[key] === theirs[key]) continue;
    const [here, there] = [mine[key], theirs[key]].map((value) => (value === undefined ? "nothing" : String(value)));
    const about = `it asks unit ${unit} as ${first.place} does, with another ${key} (${there} instead of ${here})`;
    notes.changed(other.place, `${about}: what is said first holds`);
  }
}

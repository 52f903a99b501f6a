import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

export interface DemoPlace {
  readonly folder: string;
  readonly controlPath: string;
  readonly brokerPort: number;
  /** scripts of the folder that start a receiver of alarms, by their names */
  readonly receivers: readonly string[];
}

/** Writes the file that gives another terminal its commands, whatever folder it is in. @returns its path */
export async function writeWords(place: DemoPlace): Promise<string> {
  const path = join(place.folder, "words");
  await writeFile(path, wordsText(place), { mode: 0o600 });
  return path;
}

function wordsText({ folder, controlPath, brokerPort, receivers }: DemoPlace): string {
  const file = (name: string): string => quoted(join(folder, name));
  const holdfast = quoted(join(ROOT, "scripts", "holdfast"));
  const run = quoted(join(ROOT, "scripts", "runtime", "run.sh"));
  const pki = `--cafile ${file("observer-ca.pem")} --cert ${file("observer.pem")} --key ${file("observer.key")}`;
  return `# Words for another terminal, gone with the demo.
export HOLDFAST_CONTROL=${quoted(controlPath)}
holdfast() { sh ${holdfast} "$@"; }
fault() { sh ${run} scripts/demo/fault.ts ${quoted(folder)} "$@"; }
subscribe() { mosquitto_sub -h 127.0.0.1 -p ${brokerPort} ${pki} -t '#' -v "$@"; }
${receivers.map((name) => `${name}() { sh ${file(name)}; }\n`).join("")}`;
}

/** One word of a shell, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

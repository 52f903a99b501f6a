/** Prints a time the requirements bound, so that a run shows how far from the bound it was. */
export function measured(what: string, ms: number): number {
  process.stderr.write(`measured: ${what}: ${ms.toFixed(0)} ms\n`);
  return ms;
}

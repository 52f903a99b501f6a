import { dirname, isAbsolute, relative, resolve } from "node:path";

/**
 * Gives the text of a further file of a configuration.
 * @param path absolute, in the folder of the first file or below
 * @throws what its message says to a person, where the file cannot be read or lies elsewhere after all
 */
export type ReadPart = (path: string) => string;

/** A further file that a configuration names. */
export interface PartFile {
  /** as seen from the folder of the first file */
  readonly name: string;
  readonly path: string;
  /** absent where it could not be read */
  readonly text?: string;
}

/**
 * Where a file lies that another one names: names begin in the folder of the file they stand in.
 * @returns undefined for whatever is outside the folder of the first file, so that a configuration is one folder that can be
 * copied, signed and watched, and cannot show anybody what else is on the machine
 */
export function partPath(written: string, namedIn: string, firstPath: string): string | undefined {
  if (isAbsolute(written) || written.includes("\\")) return undefined;
  const path = resolve(dirname(namedIn), written);
  const seen = relative(dirname(firstPath), path);
  return seen === "" || seen === ".." || seen.startsWith("../") ? undefined : path;
}

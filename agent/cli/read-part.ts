import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { dirname, relative } from "node:path";
import { FILE_CHARS_MAX } from "../config/document.ts";
import type { ReadPart } from "../config/expand/part-file.ts";

/** UTF-8 needs no more for a UTF-16 unit. */
const FILE_BYTES_MAX = 3 * FILE_CHARS_MAX;

/**
 * Reads the further files of a configuration from the disk: plain files in the real folder of the first one or below, wherever
 * links lead. Opens without waiting, so that a pipe in the folder cannot hold the gateway up.
 * @param firstPath absolute
 */
export function diskParts(firstPath: string): ReadPart {
  return (path) => {
    const real = realpathSync(path);
    const seen = relative(realpathSync(dirname(firstPath)), real);
    if (seen === ".." || seen.startsWith("../")) throw new Error(`it is a link to ${real}, outside of the folder`);
    const file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size } = fstatSync(file);
      if (!fstatSync(file).isFile()) throw new Error("it is no plain file");
      if (size > FILE_BYTES_MAX) throw new Error(`it has ${size} bytes, at most ${FILE_BYTES_MAX} are read`);
      return readFileSync(file, "utf8");
    } finally {
      closeSync(file);
    }
  };
}

import { dirname, relative } from "node:path";
import { FILE_CHARS_MAX } from "../document.ts";
import type { Findings, Path } from "../findings.ts";
import { quote } from "../quote.ts";
import { FILES_MAX } from "./limits.ts";
import { partPath } from "./part-file.ts";
import type { PartFile, ReadPart } from "./part-file.ts";

/** The further files of one configuration: each is read once, however often it is named. */
export class Parts {
  readonly #firstPath: string;
  readonly #read: ReadPart | undefined;
  readonly #findings: Findings;
  readonly #files = new Map<string, PartFile>();
  #chars: number;

  /** @param chars of the first file @param read absent where there are no further files to be had */
  constructor(firstPath: string, chars: number, read: ReadPart | undefined, findings: Findings) {
    this.#firstPath = firstPath;
    this.#chars = chars;
    this.#read = read;
    this.#findings = findings;
  }

  get files(): readonly PartFile[] {
    return [...this.#files.values()];
  }

  /**
   * @param written the file's name as it stands at `offset` of the file `namedIn`
   * @returns undefined after a finding
   */
  open(written: string, namedIn: string, offset: number, path: Path): Required<PartFile> | undefined {
    const where = partPath(written, namedIn, this.#firstPath);
    if (where === undefined) {
      const message = `${quote(written)} is not in the folder of the configuration`;
      const hint = "copy it there, or into a folder below, and name it relative to this file";
      this.#findings.add("CONFIG_PART_PATH", offset, path, message, hint);
      return undefined;
    }
    const known = this.#files.get(where) ?? this.#load(where, offset, path);
    if (known?.text === undefined) return undefined;
    return { ...known, text: known.text };
  }

  #load(where: string, offset: number, at: Path): PartFile | undefined {
    const name = relative(dirname(this.#firstPath), where);
    const refuse = (code: "CONFIG_SIZE" | "CONFIG_FILE_UNREADABLE", message: string, hint: string): undefined => {
      this.#findings.add(code, offset, at, message, hint);
      this.#files.set(where, { name, path: where });
      return undefined;
    };
    if (this.#files.size + 1 >= FILES_MAX)
      return refuse("CONFIG_SIZE", `the configuration has more than ${FILES_MAX} files`, "put some of them together");
    if (this.#read === undefined)
      return refuse("CONFIG_FILE_UNREADABLE", `${quote(name)} is not at hand here`, "check the file where it lies");
    let text: string;
    try {
      text = this.#read(where).replace(/^\ufeff/u, "");
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const hint = "is the name right, is the file there, and may this user read it?";
      return refuse("CONFIG_FILE_UNREADABLE", `${quote(name)} cannot be read: ${why}`, hint);
    }
    this.#chars += text.length;
    if (this.#chars > FILE_CHARS_MAX) {
      const message = `with ${quote(name)} the files have ${this.#chars} characters, at most ${FILE_CHARS_MAX} are read`;
      return refuse("CONFIG_SIZE", message, "divide the plant between several gateways");
    }
    const file = { name, path: where, text };
    this.#files.set(where, file);
    return file;
  }
}

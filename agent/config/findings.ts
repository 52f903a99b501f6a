import type { ConfigFinding, ConfigReport } from "../contract/report.ts";
import type { ConfigCode } from "./codes.ts";
import type { Position } from "./position.ts";
import { cut } from "./quote.ts";

/** Where in the document: keys and indices from the top. */
export type Path = readonly (string | number)[];

/** As many as a report on the wire holds; the last one says how many more there were. */
export const FINDINGS_MAX = 100;
/** How deep `touch` looks. */
const PART_STEPS = 2;
const PATH_CHARS_MAX = 512;
const FILE_CHARS_MAX = 512;
const TEXT_CHARS_MAX = 1_024;

interface Found {
  readonly code: ConfigCode;
  readonly offset: number;
  readonly path: Path;
  readonly message: string;
  readonly hint: string;
}

/** What is wrong with one file. The same thing said twice about the same place, as aliases cause, counts once. */
export class Findings {
  readonly #found: Found[] = [];
  readonly #said = new Set<string>();
  readonly #touched = new Set<string>();
  #more = 0;

  get count(): number {
    return this.#found.length + this.#more;
  }

  /** @param offset into the text; -1 for the file as a whole */
  add(code: ConfigCode, offset: number, path: Path, message: string, hint: string): void {
    this.#touched.add(formatPath(path.slice(0, PART_STEPS)));
    const said = `${code} ${offset} ${message}`;
    if (this.#said.has(said)) return;
    if (this.#found.length >= FINDINGS_MAX) {
      this.#more += 1;
      return;
    }
    this.#said.add(said);
    this.#found.push({ code, offset, path, message, hint });
  }

  /** Whether anything is wrong in one part of the file, such as `["buses", 3]`: two steps from the top. */
  touch(part: readonly [string, number]): boolean {
    return this.#touched.has(formatPath(part));
  }

  /** Sorted by place. */
  report(file: string, position: (offset: number) => Position): ConfigReport {
    const sorted = this.#found.toSorted((a, b) => a.offset - b.offset);
    const beyond = this.#more > 0 ? this.#more + sorted.length - (FINDINGS_MAX - 1) : 0;
    const findings = (beyond > 0 ? sorted.slice(0, FINDINGS_MAX - 1) : sorted).map((found): ConfigFinding => {
      const { line, column } = found.offset < 0 ? { line: 0, column: 0 } : position(found.offset);
      return {
        code: found.code,
        line,
        column,
        path: cut(formatPath(found.path), PATH_CHARS_MAX),
        message: cut(found.message, TEXT_CHARS_MAX),
        hint: cut(found.hint, TEXT_CHARS_MAX),
      };
    });
    if (beyond > 0) findings.push(moreFinding(beyond));
    return { file: cut(file, FILE_CHARS_MAX), findings };
  }
}

/** `buses[0].devices[2].unit` */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) text += typeof step === "number" ? `[${step}]` : text === "" ? step : `.${step}`;
  return text;
}

function moreFinding(beyond: number): ConfigFinding {
  return {
    code: "CONFIG_FINDINGS_MORE" satisfies ConfigCode,
    line: 0,
    column: 0,
    path: "",
    message: `${beyond} more findings are not shown`,
    hint: "mend these and check again",
  };
}

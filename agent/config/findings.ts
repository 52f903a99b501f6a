import type { ConfigFinding, ConfigReport } from "../contract/report.ts";
import type { ConfigCode } from "./codes.ts";
import type { Place, Places } from "./expand/places.ts";
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
/** A value in a template in a template: the nearest uses are the ones somebody can mend. */
const USES_SHOWN_MAX = 3;

interface Found {
  readonly code: ConfigCode;
  readonly offset: number;
  readonly path: Path;
  readonly message: string;
  readonly hint: string;
  /** the same said about other uses of the same text */
  uses: number;
}

/** Where findings about one text go: offsets are into that text, -1 stands for the text as a whole. */
export interface FindingSink {
  readonly count: number;
  add(code: ConfigCode, offset: number, path: Path, message: string, hint: string): void;
}

/**
 * What is wrong with one configuration. The same thing said twice about the same place, as aliases and templates cause,
 * counts once.
 */
export class Findings implements FindingSink {
  readonly #places: Places;
  readonly #found: Found[] = [];
  readonly #said = new Map<string, Found>();
  readonly #touched = new Set<string>();
  #more = 0;

  constructor(places: Places) {
    this.#places = places;
  }

  get count(): number {
    return this.#found.length + this.#more;
  }

  /** @param offset of the first file's text, or one of {@link Places}; -1 for the first file as a whole */
  add(code: ConfigCode, offset: number, path: Path, message: string, hint: string): void {
    this.#touched.add(formatPath(path.slice(0, PART_STEPS)));
    const said = `${code} ${this.#places.originOf(offset)} ${message}`;
    const before = this.#said.get(said);
    if (before !== undefined) {
      if (before.offset !== offset) before.uses += 1;
      return;
    }
    if (this.#found.length >= FINDINGS_MAX) {
      this.#more += 1;
      return;
    }
    const found = { code, offset, path, message, hint, uses: 0 };
    this.#said.set(said, found);
    this.#found.push(found);
  }

  /** For a text that begins at an offset of {@link Places}. */
  from(begin: number): FindingSink {
    const before = this.count;
    const whole = (): number => this.count - before;
    return {
      get count() {
        return whole();
      },
      add: (code, offset, path, message, hint) => this.add(code, begin + offset, path, message, hint),
    };
  }

  /** Whether anything is wrong in one part of the file, such as `["buses", 3]`: two steps from the top. */
  touch(part: readonly [string, number]): boolean {
    return this.#touched.has(formatPath(part));
  }

  /** Sorted by place, the first file first. */
  report(file: string): ConfigReport {
    const originOf = ({ offset }: Found): number => this.#places.originOf(offset);
    const sorted = this.#found.toSorted((a, b) => originOf(a) - originOf(b));
    const beyond = this.#more > 0 ? this.#more + sorted.length - (FINDINGS_MAX - 1) : 0;
    const findings = (beyond > 0 ? sorted.slice(0, FINDINGS_MAX - 1) : sorted).map((found): ConfigFinding => {
      const place = this.#places.placeOf(found.offset);
      const about = aside(place, found.uses);
      return {
        code: found.code,
        line: place.line,
        column: place.column,
        ...(place.file === undefined ? {} : { file: cut(place.file, FILE_CHARS_MAX) }),
        path: cut(formatPath(found.path), PATH_CHARS_MAX),
        message: `${cut(found.message, TEXT_CHARS_MAX - about.length)}${about}`,
        hint: cut(found.hint, TEXT_CHARS_MAX),
      };
    });
    if (beyond > 0) findings.push(moreFinding(beyond));
    return { file: cut(file, FILE_CHARS_MAX), findings };
  }
}

/** ` (used at gateway.yaml:12:9, and 7 times more)` */
function aside({ cell, usedAt }: Place, uses: number): string {
  const used = usedAt.slice(0, USES_SHOWN_MAX).map((use) => cut(use, FILE_CHARS_MAX / 2));
  const parts = [
    ...(cell === undefined ? [] : [cell]),
    ...(used.length === 0 ? [] : [`used at ${used.join(", at ")}`]),
    ...(uses === 0 ? [] : [`and ${uses === 1 ? "once" : `${uses} times`} more`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
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

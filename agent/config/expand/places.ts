import { positions } from "../position.ts";
import type { Position } from "../position.ts";

/** Where something stands. */
export interface Place extends Position {
  /** the further file it stands in, as seen from the first one's folder; absent for the first file itself */
  readonly file?: string;
  /** of a table: its row and column in words */
  readonly cell?: string;
  /** where it was put to use, nearest first, such as `gateway.yaml:12:9`; empty for what is read where it stands */
  readonly usedAt: readonly string[];
}

interface Stretch {
  /** first offset that belongs to it; the one before stands for the file as a whole */
  readonly begin: number;
  readonly origin: Written | Quoted;
}

interface Written {
  readonly name: string;
  readonly first: boolean;
  readonly position: (offset: number) => Position;
  readonly cellAt: ((offset: number) => string | undefined) | undefined;
}

interface Quoted {
  /** where the same text stands first */
  readonly of: number;
  readonly usedAt: number;
}

/**
 * Places of a configuration that is written in several files and used in several places, as plain numbers: the first file has
 * the offsets of its text, and every further file and every use of a piece of text takes the offsets behind. So whatever
 * works with offsets into one text works with many, and each knows where a person can mend it.
 */
export class Places {
  readonly #stretches: Stretch[] = [];
  #end = 0;

  /**
   * @param name as people see it @param cellAt for tables: which cell an offset into the text is in
   * @returns offset at which its text begins
   */
  openFile(name: string, text: string, cellAt?: (offset: number) => string | undefined): number {
    const first = this.#stretches.length === 0;
    let position: ((offset: number) => Position) | undefined;
    // lines are counted only where something is wrong
    const lazily = (offset: number): Position => (position ??= positions(text))(offset);
    return this.#open(text.length, { name, first, position: lazily, cellAt });
  }

  /** The same text once more, because something at `usedAt` uses it. @returns offset at which this use begins */
  quote(of: number, length: number, usedAt: number): number {
    return this.#open(length, { of, usedAt });
  }

  /** The offset at which the text stands that an offset stands for. */
  originOf(offset: number): number {
    const { begin, origin } = this.#stretchOf(offset);
    return "of" in origin ? this.originOf(origin.of + offset - begin) : offset;
  }

  placeOf(offset: number): Place {
    const { begin, origin } = this.#stretchOf(offset);
    if ("of" in origin) {
      const inner = this.placeOf(origin.of + offset - begin);
      return {
        ...inner,
        usedAt: [...inner.usedAt, this.#nameOf(origin.usedAt), ...this.placeOf(origin.usedAt).usedAt],
      };
    }
    const whole = offset < begin;
    const cell = whole ? undefined : origin.cellAt?.(offset - begin);
    return {
      ...(whole ? { line: 0, column: 0 } : origin.position(offset - begin)),
      ...(origin.first ? {} : { file: origin.name }),
      ...(cell === undefined ? {} : { cell }),
      usedAt: [],
    };
  }

  #open(length: number, origin: Written | Quoted): number {
    const begin = this.#end;
    this.#stretches.push({ begin, origin });
    // one past the end is where a parser says that something is missing, and one before the next begin is that whole file
    this.#end = begin + length + 2;
    return begin;
  }

  #nameOf(offset: number): string {
    const origin = this.originOf(offset);
    const { begin, origin: file } = this.#stretchOf(origin);
    if ("of" in file) throw new TypeError("an origin cannot be a quotation");
    const { line, column } = file.position(origin - begin);
    return `${file.name}:${line}:${column}`;
  }

  #stretchOf(offset: number): Stretch {
    let low = 0;
    let high = this.#stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const begin = this.#stretches[middle]?.begin ?? 0;
      if (begin - 1 <= offset) low = middle;
      else high = middle - 1;
    }
    const found = this.#stretches[low];
    if (found === undefined) throw new TypeError("a place was asked for before any file was opened");
    return found;
  }
}

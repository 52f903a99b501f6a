/** One cell of a table, with the quotes taken off. */
export interface Cell {
  readonly text: string;
  /** of its first character, quote included, in the whole text */
  readonly offset: number;
  /** behind its last character, quote included */
  readonly end: number;
  readonly quoted: boolean;
}

export interface Row {
  /** from 1, as a spreadsheet counts them */
  readonly number: number;
  readonly cells: readonly [Cell, ...Cell[]];
}

export interface Csv {
  /** rows without any text are left out */
  readonly rows: readonly Row[];
  /** the first thing that is no CSV */
  readonly fault?: { readonly offset: number; readonly message: string; readonly hint: string };
}

const DELIMITERS = [",", ";", "\t"] as const;

/**
 * Reads a table as spreadsheets save it, keeping where each cell stands. The delimiter is what the first line has most of:
 * comma, semicolon or tab. Blanks around a cell that is not quoted do not belong to it.
 * @see RFC 4180
 */
export function parseCsv(text: string): Csv {
  const delimiter = delimiterOf(text);
  const rows: Row[] = [];
  let number = 1;
  let row: Cell[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  const endRow = (): void => {
    const [first, ...others] = row;
    if (first !== undefined && row.some((cell) => cell.text !== "")) rows.push({ number, cells: [first, ...others] });
    number += 1;
    row = [];
  };
  while (at < text.length) {
    const begin = skipBlanks(text, at, delimiter);
    let end: number;
    if (text[begin] === '"') {
      const close = closingQuote(text, begin + 1);
      if (close < 0) {
        const message = "a quote is opened here and never closed";
        return {
          rows,
          fault: { offset: begin, message, hint: 'close it; a quote in quoted text is written twice: ""' },
        };
      }
      const inner = text.slice(begin + 1, close).replaceAll('""', '"');
      row.push({ text: inner, offset: begin, end: close + 1, quoted: true });
      end = skipBlanks(text, close + 1, delimiter);
      if (end < text.length && text[end] !== delimiter && !isLineEnd(text, end)) {
        const message = "text follows a closing quote";
        return { rows, fault: { offset: end, message, hint: 'a quote in quoted text is written twice: ""' } };
      }
    } else {
      end = begin;
      while (end < text.length && text[end] !== delimiter && !isLineEnd(text, end)) end += 1;
      const inner = text.slice(begin, end).trimEnd();
      row.push({ text: inner, offset: begin, end: begin + inner.length, quoted: false });
    }
    if (text[end] === delimiter) {
      at = end + 1;
      // a line that ends with a delimiter ends with an empty cell
      if (at < text.length && !isLineEnd(text, at)) continue;
      row.push({ text: "", offset: at, end: at, quoted: false });
      end = at;
    }
    endRow();
    at = text.startsWith("\r\n", end) ? end + 2 : end + 1;
  }
  endRow();
  return { rows };
}

function delimiterOf(text: string): string {
  const [line = ""] = text.split(/[\r\n]/u, 1);
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

function skipBlanks(text: string, from: number, delimiter: string): number {
  let at = from;
  while ((text[at] === " " || text[at] === "\t") && text[at] !== delimiter) at += 1;
  return at;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function isLineEnd(text: string, at: number): boolean {
  return text[at] === "\n" || text[at] === "\r";
}

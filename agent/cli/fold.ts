import { stripVTControlCharacters } from "node:util";

/** As wide as the labels of the screen, such as `uplink    `. */
const LABEL_CHARS = 10;
const LABEL = /^(?: {2})?\S+ +/u;

/** A line of the screen on as many rows as it needs, broken between words, what follows below what it belongs to. */
export function fold(line: string, columns: number): readonly string[] {
  const plain = stripVTControlCharacters(line);
  if (plain.length <= columns) return [line];
  const margin = plain.length - plain.trimStart().length;
  const labelled = LABEL.exec(plain)?.[0].length === LABEL_CHARS;
  const hang = " ".repeat(labelled ? LABEL_CHARS : margin + 2);
  const rows: string[] = [];
  let row = "";
  for (const piece of line.split(/(?<=[^ ])(?= )/u)) {
    const full = width(row) + width(piece) > columns;
    if (full && width(row.trim()) > 0 && width(piece.trim()) > 0) {
      rows.push(row);
      row = hang + piece.trimStart();
    } else row += piece;
  }
  return [...rows, row];
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

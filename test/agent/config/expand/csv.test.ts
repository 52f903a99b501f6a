import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsv } from "../../../../agent/config/expand/csv.ts";

const texts = (text: string) => parseCsv(text).rows.map(({ cells }) => cells.map((cell) => cell.text));

test.each([
  [
    "a,b\n1,2\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "a;b\r\n1,5;2\r\n",
    [
      ["a", "b"],
      ["1,5", "2"],
    ],
  ],
  [
    "a\tb\n1\t\n",
    [
      ["a", "b"],
      ["1", ""],
    ],
  ],
  [
    'a,b\n"x, ""y""","line\nbreak"',
    [
      ["a", "b"],
      ['x, "y"', "line\nbreak"],
    ],
  ],
  [
    "\ufeffa , b\n 1 ,2 \n\n,\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["", []],
])("%j is read as a spreadsheet reads it", (text, rows) => {
  expect(texts(text)).toEqual(rows);
});

test("each cell knows where it begins, and each row its number", () => {
  const text = 'name,unit\n"two\nlines",m\n\nb,"s"\n';
  const { rows } = parseCsv(text);
  expect(rows.map(({ number }) => number)).toEqual([1, 2, 4]);
  for (const { cells } of rows)
    for (const cell of cells) expect(text.slice(cell.offset).replace(/^"/u, "").startsWith(cell.text)).toBe(true);
});

test.each([
  ['a,b\n1,"2', 6, /never closed/u],
  ['a,b\n1,"2"3', 9, /follows a closing quote/u],
])("%j is refused at its place", (text, offset, message) => {
  expect(parseCsv(text).fault).toMatchObject({ offset, message: expect.stringMatching(message) });
});

const cell = fc.string({ unit: fc.constantFrom("a", "7", ".", '"', ",", "\n", "é"), maxLength: 6 });

test("2 000 tables are read as csv-parse reads them", () => {
  const property = fc.property(
    fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
    (table) => {
      const quoted = (text: string): string => (/[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      const text = ["x,y,z", ...table.map((row) => row.map(quoted).join(","))].join("\n");
      const judged = parse(text, { relax_column_count: true });
      expect(texts(text)).toEqual(judged.filter((row) => row.some((one) => one !== "")));
    },
  );
  fc.assert(property, { numRuns: 2_000 });
});

test("whatever the text, it is read or refused, and no cell lies outside of it", () => {
  const soup = fc.string({ unit: fc.constantFrom("a", '"', ",", ";", "\n", "\r", "\t", " ", "\ufeff"), maxLength: 30 });
  fc.assert(
    fc.property(soup, (text) => {
      for (const { cells } of parseCsv(text).rows)
        for (const one of cells) expect(one.offset).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 5_000 },
  );
});

import { styleText } from "node:util";
import { fileOfFinding } from "../contract/finding-place.ts";
import type { ConfigFinding, ConfigReport } from "../contract/report.ts";
import type { PartFile } from "./expand/part-file.ts";
import { shown } from "./quote.ts";

/** How much of a long line is shown, and how much of it before the place. */
const EXCERPT_CHARS_MAX = 100;
const EXCERPT_CHARS_BEFORE = 60;

type Paint = (format: "bold" | "dim" | "red" | "green", text: string) => string;
const plain: Paint = (_format, text) => text;
const coloured: Paint = (format, text) => styleText(format, text, { validateStream: false });

/**
 * Every finding for people: the place as editors and terminals open it, the line with a caret, what is wrong, what to
 * write. Ends with a line break. Credentials in the excerpt are starred out.
 * @param text of the file; empty where there is none to quote from
 */
export function formatReport(
  report: ConfigReport,
  text: string,
  options: { readonly colour: boolean; readonly parts?: readonly PartFile[] },
): string {
  const paint = options.colour ? coloured : plain;
  const texts = new Map((options.parts ?? []).map((part) => [part.name, part.text]));
  const linesOf = (of: string): readonly string[] => of.split(/\r?\n/u);
  const lines = linesOf(text);
  const count = report.findings.length;
  const parts = report.findings.map((finding) =>
    finding.file === undefined
      ? formatFinding(report.file, finding, lines[finding.line - 1], paint)
      : formatFinding(
          fileOfFinding(report, finding),
          finding,
          linesOf(texts.get(finding.file) ?? "")[finding.line - 1],
          paint,
        ),
  );
  const summary = `${report.file}: ${paint("red", "refused")}, ${count === 1 ? "1 finding" : `${count} findings`}`;
  return `${[...parts, summary].join("\n\n")}\n`;
}

function formatFinding(file: string, finding: ConfigFinding, line: string | undefined, paint: Paint): string {
  const place = finding.line > 0 ? `${file}:${finding.line}:${finding.column}` : file;
  const path = finding.path === "" ? "" : `  ${paint("dim", shown(finding.path))}`;
  return [
    `${paint("bold", place)}  ${paint("red", finding.code)}${path}`,
    ...(line === undefined ? [] : excerpt(finding, line, paint)),
    `  ${finding.message}`,
    `  ${paint("green", "instead:")} ${finding.hint}`,
  ].join("\n");
}

function excerpt(finding: ConfigFinding, line: string, paint: Paint): readonly string[] {
  const number = String(finding.line).padStart(5);
  const column = Math.min(finding.column - 1, line.length);
  const start = line.length <= EXCERPT_CHARS_MAX ? 0 : Math.max(0, column - EXCERPT_CHARS_BEFORE);
  const shownLine = shown(line).slice(start, start + EXCERPT_CHARS_MAX);
  return [
    `${paint("dim", `${number} |`)} ${shownLine}`,
    `${paint("dim", `${" ".repeat(number.length)} |`)} ${" ".repeat(column - start)}${paint("red", "^")}`,
  ];
}

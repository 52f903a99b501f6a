import type { Document, ErrorCode, YAMLError } from "yaml";
import type { FindingSink } from "./findings.ts";

/** What to do about each of the parser's complaints, where its own words leave that open. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: "put text that begins with * or & in quotes",
  BAD_DQ_ESCAPE: "write a backslash twice, or use 'single quotes'",
  BAD_INDENT: "close the bracket or brace, and indent what stands inside it",
  BAD_SCALAR_START: "put the text in quotes",
  BLOCK_AS_IMPLICIT_KEY: "put text that contains `: ` in quotes, or begin a new line and indent it",
  BLOCK_IN_FLOW: "inside [ ] and { } separate with commas, and put text that contains `: ` in quotes",
  KEY_OVER_1024_CHARS: "is a quote or a line break missing?",
  MISSING_CHAR: "add the missing character",
  MULTILINE_IMPLICIT_KEY: "give the line the indentation of its neighbours",
  MULTIPLE_ANCHORS: "keep one anchor",
  MULTIPLE_TAGS: "keep one tag",
  RESOURCE_EXHAUSTION: "the file is nested thousands of levels deep: a gateway needs eight",
  TAB_AS_INDENT: "indent with spaces",
  TAG_RESOLVE_FAILED: "delete the tag; put text in quotes to keep it text",
  UNEXPECTED_TOKEN: "is the line before it complete, and indented as its neighbours are?",
};

const REFERENCE_HINT = 'inside { } and [ ] put what mentions a variable in quotes, as in "${name}"';

/** The parser's errors and warnings as findings, without those that only follow from another. */
export function reportSyntax(document: Document.Parsed, text: string, findings: FindingSink): void {
  const lines = new Set<number>();
  for (const error of withoutEchoes([...document.errors, ...document.warnings])) {
    if (error.code === "MULTIPLE_DOCS") {
      const message = "a second document begins here, one is wanted";
      findings.add("CONFIG_YAML_DOCUMENTS", error.pos[0], [], message, "delete the --- line and what follows it");
      continue;
    }
    const offset = error.code === "BLOCK_AS_IMPLICIT_KEY" ? culprit(text, error.pos[0]) : error.pos[0];
    const line = text.lastIndexOf("\n", offset - 1);
    if (lines.has(line)) continue;
    lines.add(line);
    if (offset === error.pos[0]) {
      const code = error.code === "TAG_RESOLVE_FAILED" ? "CONFIG_YAML_TAG" : "CONFIG_YAML_SYNTAX";
      const hint = text.slice(line + 1, offset + 1).includes("${") ? REFERENCE_HINT : HINTS[error.code];
      findings.add(code, offset, [], sentence(error), hint ?? "see https://yaml.org/spec/1.2.2/");
    } else {
      const message = "this line is indented deeper than the line above allows";
      findings.add("CONFIG_YAML_SYNTAX", offset, [], message, "give it the indentation of its neighbours");
    }
  }
}

/** Tabs spoil the lines after them, endless nesting repeats itself, and a key over two lines is said twice. */
function withoutEchoes(errors: readonly YAMLError[]): readonly YAMLError[] {
  const sorted = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const exhausted = sorted.find((error) => error.code === "RESOURCE_EXHAUSTION");
  if (exhausted !== undefined) return [exhausted];
  const tabs = sorted.filter((error) => error.code === "TAB_AS_INDENT");
  if (tabs.length > 0) return tabs;
  const nested = new Set(sorted.filter((error) => error.code === "BLOCK_AS_IMPLICIT_KEY").map((error) => error.pos[0]));
  return sorted.filter((error) => error.code !== "MULTILINE_IMPLICIT_KEY" || !nested.has(error.pos[0]));
}

function sentence(error: YAMLError): string {
  if (error.code === "RESOURCE_EXHAUSTION") return "the file is nested too deeply to be read";
  if (error.code === "TAB_AS_INDENT") return "a tab indents this line, YAML wants spaces";
  return error.message.replace(/\s+/gu, " ");
}

/**
 * A value followed by a line that is indented too far reads as one key over two lines, and the parser points at the
 * value. The line that somebody has to mend is the one below.
 */
function culprit(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  if (end < 0) return offset;
  const below = /^ */u.exec(text.slice(end + 1, end + 1 + 1_024))?.[0].length ?? 0;
  const above = /^ */u.exec(text.slice(start, end))?.[0].length ?? 0;
  const oneLine = /:\s.*:\s/u.test(text.slice(start, Math.min(end, start + 1_024)));
  return below > above && !oneLine ? end + 1 + below : offset;
}

/** Text that a formatter shows as it stands: nothing in it is taken for a request or an escape. */
export function roff(text: string): string {
  return text
    .replaceAll("\\", String.raw`\e`)
    .replaceAll("-", String.raw`\-`)
    .replaceAll(/^([.'])/gm, String.raw`\&$1`)
    .replaceAll("…", String.raw`\[u2026]`)
    .replaceAll("≤", String.raw`\[<=]`)
    .replaceAll(/[^\n\t -~]/gu, (character) => {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      return String.raw`\[u${code}]`;
    });
}

export const bold = (text: string): string => `\\fB${roff(text)}\\fR`;
export const italic = (text: string): string => `\\fI${roff(text)}\\fR`;

export interface Page {
  readonly name: string;
  readonly section: number;
  readonly version: string;
  /** seconds since 1970: the same source makes the same page */
  readonly epochS: number;
  /** one line, as `apropos` shows it */
  readonly summary: string;
  /** heading and finished roff */
  readonly sections: readonly (readonly [heading: string, text: string])[];
}

/** @see man(7) */
export function manualPage({ name, section, version, epochS, summary, sections }: Page): string {
  const date = new Date(epochS * 1_000).toISOString().slice(0, 10);
  return [
    `.TH ${name.toUpperCase().replaceAll("-", String.raw`\-`)} ${section} ${date} "Holdfast ${version}"`,
    // neither hyphens nor wide gaps in paths and commands
    ".nh",
    ".ad l",
    ".SH NAME",
    `${roff(name)} \\- ${roff(summary)}`,
    ...sections.flatMap(([heading, text]) => [`.SH ${heading}`, text]),
    "",
  ].join("\n");
}

/** A term and what it means, indented below it. */
export function tagged(term: string, text: string): string {
  return `.TP\n${term}\n${text}`;
}

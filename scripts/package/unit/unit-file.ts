/** Settings of one section. A list is written one line each; an empty text resets a list. */
export type Section = Readonly<Record<string, string | readonly string[]>>;

/** @see systemd.syntax(7) */
export function unitText(sections: Readonly<Record<string, Section>>): string {
  const text = Object.entries(sections).map(([name, section]) => `[${name}]\n${settings(section)}`);
  return `# Made by npm run package. Change it with: systemctl edit\n${text.join("\n")}`;
}

function settings(section: Section): string {
  return Object.entries(section)
    .flatMap(([key, value]) => (typeof value === "string" ? [value] : value).map((one) => `${key}=${one}\n`))
    .join("");
}

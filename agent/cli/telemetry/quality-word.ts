import type { Property } from "../../uplink/sparkplug/payload.ts";

/** @see Sparkplug B 3.0 §6.4.9 (Quality Codes) */
const WORDS: Readonly<Record<number, string>> = { 0: "bad", 192: "good", 500: "stale" };

/** `stale: no-reply`, or undefined where the metric says nothing of it. Our own words tell more than the code. */
export function qualityWord(properties: readonly Property[] = []): string | undefined {
  const textOf = (key: string): string | undefined => {
    const value = properties.find((property) => property.key === key)?.value;
    return typeof value === "string" ? value : undefined;
  };
  const code = properties.find(({ key }) => key === "Quality")?.value;
  const said = typeof code === "number" ? (WORDS[code] ?? `quality ${code}`) : undefined;
  const word = textOf("Holdfast/Quality") ?? said;
  const reason = textOf("Holdfast/Reason");
  if (word === undefined || reason === undefined || reason === "ok") return word;
  return `${word}: ${reason}`;
}

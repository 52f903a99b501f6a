import { TomlDate } from "smol-toml";
import type { TomlTable, TomlValue } from "smol-toml";
import { durationMs } from "./duration.ts";
import type { Notes } from "./notes.ts";

/**
 * One table of the TOML file. Whatever is never asked for is an option that nobody here knows, and `finish` says so: that is how
 * nothing gets lost in silence.
 */
export class Section {
  readonly place: string;
  readonly notes: Notes;
  readonly #table: TomlTable;
  readonly #asked = new Set<string>();

  constructor(table: TomlTable, place: string, notes: Notes) {
    this.#table = table;
    this.place = place;
    this.notes = notes;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#table, key);
  }

  text(key: string): string | undefined {
    const value = this.#take(key);
    if (value === undefined || typeof value === "string") return value;
    this.#wrong(key, value, "text");
    return undefined;
  }

  number(key: string): number | undefined {
    const value = this.#take(key);
    if (value === undefined || (typeof value === "number" && Number.isFinite(value))) return value;
    // scales were texts once
    if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
    this.#wrong(key, value, "a number");
    return undefined;
  }

  flag(key: string): boolean {
    const value = this.#take(key);
    if (value === undefined || typeof value === "boolean") return value ?? false;
    this.#wrong(key, value, "true or false");
    return false;
  }

  /** in milliseconds */
  duration(key: string): number | undefined {
    const value = this.#take(key);
    const ms = typeof value === "string" || typeof value === "number" ? durationMs(value) : undefined;
    if (value !== undefined && ms === undefined) this.#wrong(key, value, 'a time such as "500ms"');
    return ms;
  }

  /** What was read at `key`, or the nearest whole number that the gateway takes, which is told. */
  within(key: string, value: number | undefined, least: number, most: number, unit = ""): number | undefined {
    if (value === undefined) return undefined;
    const taken = Math.min(most, Math.max(least, Math.round(value)));
    if (taken === value) return value;
    const limit =
      taken === most ? `at most ${most}${unit}` : taken === least ? `at least ${least}${unit}` : "whole numbers";
    const about = `${key} = ${shown(this.#table[key] ?? value)}: ${limit} are taken here, so it is ${taken}${unit}`;
    this.notes.changed(this.place, about);
    return taken;
  }

  numbers(key: string): readonly number[] | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === "number")) return value;
    this.#wrong(key, value, "a list of numbers");
    return undefined;
  }

  /** The tables of a list, with their place in words. */
  sections(key: string, what: (index: number) => string): readonly Section[] {
    const value = this.#take(key);
    if (value === undefined) return [];
    const items = Array.isArray(value) ? value : [value];
    return items.flatMap((item, index) => {
      if (isTable(item)) return [new Section(item, `${this.place}${what(index + 1)}`, this.notes)];
      this.#wrong(key, item, "a table");
      return [];
    });
  }

  /** The values of a table of tags, as text. */
  tags(key: string): Readonly<Record<string, string>> {
    const value = this.#take(key);
    if (value === undefined) return {};
    if (!isTable(value)) {
      this.#wrong(key, value, "a table of tags");
      return {};
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, tag]) => [name, typeof tag === "string" ? tag : shown(tag)]),
    );
  }

  /** Says of an option that it has no counterpart, where it is given. */
  lose(key: string, why: string): void {
    const value = this.#take(key);
    if (value !== undefined) this.notes.lost(this.place, `${key} = ${shown(value)}: ${why}`);
  }

  /** It means nothing where it stands, in Telegraf either. */
  ignore(key: string): void {
    this.#asked.add(key);
  }

  /** Nothing comes of it, which was said: what else it has matters no more. */
  abandon(): void {
    for (const key of Object.keys(this.#table)) this.#asked.add(key);
  }

  /** Says which options nobody asked for. */
  finish(): void {
    for (const [key, value] of Object.entries(this.#table))
      if (!this.#asked.has(key)) this.notes.unknown(this.place, `${key} = ${shown(value)}`);
  }

  #take(key: string): TomlValue | undefined {
    this.#asked.add(key);
    return Object.hasOwn(this.#table, key) ? this.#table[key] : undefined;
  }

  #wrong(key: string, value: TomlValue, wanted: string): void {
    this.notes.lost(this.place, `${key} = ${shown(value)}: ${wanted} is wanted there, so it was left out`);
  }
}

const SHOWN_CHARS_MAX = 60;

function shown(value: TomlValue): string {
  const text =
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === "bigint" || (typeof inner === "number" && !Number.isFinite(inner)) ? String(inner) : inner,
    ) ?? "";
  return text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text;
}

export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof TomlDate);
}

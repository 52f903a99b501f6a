import { ConfigurationError } from "./refusal.ts";

/** One object of an offered configuration, read field by field; every reading says where it was and what was wanted. */
export class Fields {
  readonly where: string;
  readonly #values: Readonly<Record<string, unknown>>;

  /** @throws {ConfigurationError} unless `value` is an object */
  constructor(value: unknown, where: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(where, "an object", value);
    this.where = where;
    this.#values = value as Readonly<Record<string, unknown>>;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.#values[name];
  }

  object(name: string): Fields {
    return new Fields(this.#values[name], `${this.where}.${name}`);
  }

  text(name: string, pattern: RegExp): string {
    const value = this.#values[name];
    if (typeof value === "string" && pattern.test(value)) return value;
    throw malformed(`${this.where}.${name}`, `text like ${pattern.source}`, value);
  }

  integer(name: string, minimum: number, maximum: number): number {
    const value = this.#values[name];
    if (Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum) return value as number;
    throw malformed(`${this.where}.${name}`, `an integer from ${minimum} to ${maximum}`, value);
  }

  number(name: string): number {
    const value = this.#values[name];
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw malformed(`${this.where}.${name}`, "a finite number", value);
  }

  optionalNumber(name: string): void {
    if (this.has(name)) this.number(name);
  }

  boolean(name: string): boolean {
    const value = this.#values[name];
    if (typeof value === "boolean") return value;
    throw malformed(`${this.where}.${name}`, "true or false", value);
  }

  oneOf<const Choice extends string | number | boolean>(name: string, choices: readonly Choice[]): Choice {
    const value = this.#values[name];
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    throw malformed(`${this.where}.${name}`, `one of ${choices.join(", ")}`, value);
  }

  /** @param longest entries */
  list(name: string, longest: number): readonly Fields[] {
    const value = this.#values[name];
    if (!Array.isArray(value) || value.length > longest) {
      throw malformed(`${this.where}.${name}`, `a list of at most ${longest}`, value);
    }
    return value.map((entry: unknown, index) => new Fields(entry, `${this.where}.${name}[${index}]`));
  }
}

function malformed(where: string, wanted: string, offered: unknown): ConfigurationError {
  const shown = typeof offered === "object" ? typeof offered : JSON.stringify(offered)?.slice(0, SHOWN_CHARS_MAX);
  return new ConfigurationError("CONFIG_SNAPSHOT_MALFORMED", `${where} is ${shown ?? "missing"}, ${wanted} is wanted`);
}

const SHOWN_CHARS_MAX = 40;

import type { Notes } from "./notes.ts";

const NAME_CHARS_MAX = 64;

/** A name that can stand in an MQTT topic, as near to what was written as can be. */
export function asName(written: string, otherwise: string): string {
  const name = written
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9._-]+/gu, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/gu, "")
    .slice(0, NAME_CHARS_MAX);
  return name === "" ? otherwise : name;
}

/** Names that are unique whatever their case. What could not keep its own is told. */
export class UniqueNames {
  readonly #taken = new Set<string>();
  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  /**
   * @param more what else tells them apart, tried in order before a number is appended
   * @param alone it may keep its own name if that is free
   */
  take(written: string, otherwise: string, more: readonly string[], place: string, alone = true): string {
    const plain = asName(written, otherwise);
    const longer = more.map((word) => asName(`${word}-${written}`, otherwise));
    const free = [...(alone || more.length === 0 ? [plain] : []), ...longer, plain].find(
      (name) => !this.#taken.has(name.toLowerCase()),
    );
    const name = free ?? this.#numbered(plain);
    this.#taken.add(name.toLowerCase());
    if (name !== written) {
      const why = name === plain ? "has characters that no topic takes" : "is not the only one";
      this.#notes.changed(place, `the name ${JSON.stringify(written)} ${why}: it is called ${name} here`);
    }
    return name;
  }

  #numbered(plain: string): string {
    for (let number = 2; ; number++) {
      const suffix = `-${number}`;
      const name = `${plain.slice(0, NAME_CHARS_MAX - suffix.length)}${suffix}`;
      if (!this.#taken.has(name.toLowerCase())) return name;
    }
  }
}

/** What a person has to know about a conversion, and where it came from. */
export interface Note {
  /** `unit` a different meaning, `lost` what has no counterpart, `unknown` an option that nobody here knows */
  readonly kind: "changed" | "lost" | "unknown";
  readonly about: string;
  /** the first few places, in the words of the file */
  readonly places: readonly string[];
  /** how many there are in all */
  readonly count: number;
}

const PLACES_MAX = 3;

/** Collects what a conversion has to say: the same about many fields is said once. */
export class Notes {
  readonly #notes = new Map<string, { kind: Note["kind"]; about: string; places: string[]; count: number }>();

  /** It is there, but does something else than it did. */
  changed(place: string, about: string): void {
    this.#add("changed", place, about);
  }

  /** It has no counterpart; `about` says what and why. */
  lost(place: string, about: string): void {
    this.#add("lost", place, about);
  }

  unknown(place: string, option: string): void {
    this.#add("unknown", place, `${option}: not an option that is known here, so nothing was made of it`);
  }

  get all(): readonly Note[] {
    return [...this.#notes.values()];
  }

  #add(kind: Note["kind"], place: string, about: string): void {
    const key = `${kind} ${about}`;
    const note = this.#notes.get(key) ?? { kind, about, places: [], count: 0 };
    note.count += 1;
    if (note.places.length < PLACES_MAX) note.places.push(place);
    this.#notes.set(key, note);
  }
}

import { styleText } from "node:util";

/** Colours a text where the terminal shows colours. */
export type Paint = (format: "bold" | "dim" | "green" | "yellow" | "red" | "cyan", text: string) => string;

export function paintFor(colour: boolean): Paint {
  return colour ? (format, text) => styleText(format, text, { validateStream: false }) : (_format, text) => text;
}

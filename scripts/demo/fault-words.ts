import type { Injection } from "../../simulator/modbus/index.ts";

export type FaultOrder =
  | { readonly do: "inject"; readonly target: string; readonly injection: Injection; readonly says: string }
  | { readonly do: "clear" | "unplug" | "plug"; readonly target: string; readonly says: string }
  | { readonly refused: string };

const DEFAULT_SECONDS = 20;
const SECONDS_MAX = 3_600;

/** A fault by the word a person types, with the figures that make it worth watching. */
const FAULTS = {
  silence: { kind: "silence" },
  delay: { kind: "delay", ms: 200 },
  "late-reply": { kind: "late-reply", ms: 500 },
  exception: { kind: "exception", code: 4 },
  "wrong-unit": { kind: "wrong-unit" },
  "crc-error": { kind: "crc-error" },
  "byte-loss": { kind: "byte-loss" },
  "short-frame": { kind: "short-frame" },
  "long-frame": { kind: "long-frame" },
  babble: { kind: "babble", everyMs: 300 },
  "wrong-transaction": { kind: "wrong-transaction" },
  "split-bytes": { kind: "split-bytes" },
  "oversize-length": { kind: "oversize-length" },
  disconnect: { kind: "disconnect" },
} as const satisfies Readonly<Record<string, Injection>>;

export const FAULT_WORDS: readonly string[] = Object.keys(FAULTS);

/** @param line JSON list of the words of `npm run fault -- …` after the folder: TARGET WORD [SECONDS] */
export function parseFault(
  line: string,
  devices: readonly string[],
  cables: readonly string[],
  nowMs: number,
): FaultOrder {
  const words = wordsOf(line);
  if (words === undefined) return { refused: "not a list of words" };
  const [target = "", word = "", secondsText] = words;
  if (cables.includes(target)) {
    if (word !== "unplug" && word !== "plug") return { refused: `${target} is a cable: unplug or plug` };
    return { do: word, target, says: `${target}: ${word}ged` };
  }
  if (!devices.includes(target)) {
    return { refused: `no ${JSON.stringify(target)} here: ${[...devices, ...cables].join(", ")}` };
  }
  if (word === "clear") return { do: "clear", target, says: `${target}: healthy again` };
  if (!Object.hasOwn(FAULTS, word))
    return { refused: `no fault ${JSON.stringify(word)}: ${FAULT_WORDS.join(", ")}, clear` };
  const seconds = secondsText === undefined ? DEFAULT_SECONDS : Number(secondsText);
  if (!(seconds > 0 && seconds <= SECONDS_MAX))
    return { refused: `seconds must be above 0 and at most ${SECONDS_MAX}` };
  const injection = { ...FAULTS[word as keyof typeof FAULTS], untilMs: nowMs + seconds * 1_000 };
  return { do: "inject", target, injection, says: `${target}: ${word} for ${seconds} s` };
}

function wordsOf(line: string): readonly string[] | undefined {
  try {
    const words: unknown = JSON.parse(line);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}

import type { Injection } from "../../simulator/modbus/index.ts";

export type FaultOrder =
  | { readonly do: "inject"; readonly target: string; readonly injection: Injection; readonly says: string }
  | { readonly do: "clear" | "unplug" | "plug"; readonly target: string; readonly says: string }
  | { readonly do: Intruder; readonly target: string; readonly seconds: number; readonly says: string }
  | { readonly refused: string };

/** Somebody else on the line: one who reads, or one who writes. */
export type Intruder = "master" | "writer";

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
  stuck: { kind: "stuck" },
} as const satisfies Readonly<Record<string, Injection>>;

export const FAULT_WORDS: readonly string[] = Object.keys(FAULTS);

/**
 * @param line JSON list of the words of `npm run fault -- …` after the folder: TARGET WORD [SECONDS]
 * @param lines those of the cables that somebody else can talk on
 */
export function parseFault(
  line: string,
  devices: readonly string[],
  cables: readonly string[],
  nowMs: number,
  lines: readonly string[] = [],
): FaultOrder {
  const words = wordsOf(line);
  if (words === undefined) return { refused: "not a list of words" };
  const [target = "", word = "", secondsText] = words;
  if (cables.includes(target)) return cableOrder(target, word, secondsText, lines);
  if (!devices.includes(target)) {
    return { refused: `no ${JSON.stringify(target)} here: ${[...devices, ...cables].join(", ")}` };
  }
  if (word === "clear") return { do: "clear", target, says: `${target}: healthy again` };
  if (!Object.hasOwn(FAULTS, word))
    return { refused: `no fault ${JSON.stringify(word)}: ${FAULT_WORDS.join(", ")}, clear` };
  const seconds = secondsOf(secondsText);
  if (seconds === undefined) return { refused: SECONDS_WANTED };
  const injection = { ...FAULTS[word as keyof typeof FAULTS], untilMs: nowMs + seconds * 1_000 };
  return { do: "inject", target, injection, says: `${target}: ${word} for ${seconds} s` };
}

function cableOrder(
  target: string,
  word: string,
  secondsText: string | undefined,
  lines: readonly string[],
): FaultOrder {
  if (word === "unplug" || word === "plug") return { do: word, target, says: `${target}: ${word}ged` };
  const line = lines.includes(target);
  if (!line || (word !== "master" && word !== "writer")) {
    return {
      refused: `${target} is a cable: unplug or plug${line ? ", or master or writer for somebody else on it" : ""}`,
    };
  }
  const seconds = secondsOf(secondsText);
  if (seconds === undefined) return { refused: SECONDS_WANTED };
  return {
    do: word,
    target,
    seconds,
    says: `${target}: somebody else ${word === "master" ? "reads" : "writes"} for ${seconds} s`,
  };
}

const SECONDS_WANTED = `seconds must be above 0 and at most ${SECONDS_MAX}`;

function secondsOf(text: string | undefined): number | undefined {
  const seconds = text === undefined ? DEFAULT_SECONDS : Number(text);
  return seconds > 0 && seconds <= SECONDS_MAX ? seconds : undefined;
}

function wordsOf(line: string): readonly string[] | undefined {
  try {
    const words: unknown = JSON.parse(line);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}

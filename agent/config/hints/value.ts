import { isMap, isScalar, isSeq } from "yaml";
import { formatPath } from "../findings.ts";
import type { Path } from "../findings.ts";
import { quote } from "../quote.ts";
import type { Shape } from "../schema/shape.ts";
import { nearest } from "./nearest.ts";
import { sourceOf } from "./words.ts";

const YES = /^(?:y|yes|on|true)$/iu;
const NO = /^(?:n|no|off|false)$/iu;
const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["sec", 1_000],
  ["m", 60_000],
  ["min", 60_000],
  ["h", 3_600_000],
]);
/** As a disk and a data plan count them. */
const BYTES: ReadonlyMap<string, number> = new Map([
  ["b", 1],
  ["kb", 1e3],
  ["mb", 1e6],
  ["gb", 1e9],
  ["kib", 1_024],
  ["mib", 1_048_576],
  ["gib", 1_073_741_824],
]);
/** What other programs call the words of our schema. */
const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    bool: "boolean bit",
    int8: "int8l int8h sbyte",
    uint8: "uint8l uint8h byte",
    uint16: "word ushort",
    int16: "short int",
    uint32: "dword ulong",
    int32: "long",
    float16: "half",
    float32: "real float",
    float64: "double lreal",
    string: "text ascii char",
    "holding-register": "holding 4x",
    "input-register": "input 3x",
    "discrete-input": "discrete contact 1x",
    coil: "0x",
    none: "n",
    even: "e",
    odd: "o",
    big: "abcd be msb",
    little: "cdab dcba le lsb",
    "3.1.1": "3.1 4",
  }).flatMap(([ours, theirs]) => theirs.split(" ").map((word) => [word, ours] as const)),
);

/** What to write where a value of another kind stands. */
export function typeHint(shape: Shape, node: unknown, key: string): string {
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (shape.type === "array") return listHint(shape, node, key);
  if (shape.type === "object") {
    if (isSeq(node)) return "delete the `- `: this is one mapping, not a list";
    return `write the keys below it, indented: ${Object.keys(shape.properties ?? {}).join(", ")}`;
  }
  if (isMap(node) || isSeq(node)) return `write one value behind \`${key}: \`, on the same line`;
  if (value === null || value === undefined) return `write the value behind \`${key}: \`, or delete the line`;
  if (Array.isArray(shape.type)) return `write one value behind \`${key}: \``;
  if (shape.type === "string") return `put it in quotes: ${quote(sourceOf(node) ?? JSON.stringify(value))}`;
  if (shape.type === "boolean") return booleanHint(value);
  return typeof value === "string" ? (spelledNumberHint(value, key) ?? anyNumber(shape)) : anyNumber(shape);
}

/** One plain value where several may stand becomes a list of one. */
function listHint(shape: Shape, node: unknown, key: string): string {
  const one = sourceOf(node);
  if (shape.items?.type !== "string" || one === undefined || one === "")
    return "begin each entry with `- ` on a line of its own";
  return `write \`${key}: [${one}]\`: a list, the best first, though it has one entry`;
}

function booleanHint(value: unknown): string {
  if (typeof value === "string" && YES.test(value)) return "write true, without quotes (yes and on are YAML 1.1)";
  if (typeof value === "string" && NO.test(value)) return "write false, without quotes (no and off are YAML 1.1)";
  return "write true or false";
}

function anyNumber(shape: Shape): string {
  return typeof shape.default === "number" ? `write a number, such as ${shape.default}` : "write a number";
}

function spelledNumberHint(text: string, key: string): string | undefined {
  const bare = text.trim().replaceAll("_", "");
  if (bare !== "" && Number.isFinite(Number(bare))) return `write ${Number(bare)}, digits only and without quotes`;
  if (/^[-+]?\d+,\d+$/u.test(bare)) return `write ${bare.replace(",", ".")}, with a decimal point`;
  const [, amount = "", word = ""] = /^([-+]?\d+(?:\.\d+)?)\s*([A-Za-z%°]\S*)$/u.exec(bare) ?? [];
  if (amount !== "") {
    const bytes = BYTES.get(word.toLowerCase());
    if (bytes !== undefined) return `write ${Math.round(Number(amount) * bytes)}: bytes, digits only`;
    const factor = MILLISECONDS.get(word.toLowerCase());
    if (factor === undefined || !/Ms|S$/u.test(key)) return `write ${amount}, without ${quote(word)}`;
    const number = (Number(amount) * factor) / (key.includes("Ms") ? 1 : 1_000);
    return `write ${number}: the unit is in the name of the key`;
  }
  if (/^\d+(?::[0-5]?\d)+$/u.test(bare)) {
    const seconds = bare.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
    return `write ${key.includes("Ms") ? seconds * 1_000 : seconds}: numbers with colons are YAML 1.1`;
  }
  return undefined;
}

/** What to write instead of a number that is infinite, no number, or begins with 0. */
export function numberHint(value: number, source: string | undefined): string {
  if (!Number.isFinite(value)) return "write a number, or leave the key out where there is no limit";
  const octal = source?.replace(/^[-+]?0+/u, "") ?? "";
  return /^[0-7]+$/u.test(octal)
    ? `write ${value} for ${value}, 0o${octal} for ${Number(`0o${octal}`)}`
    : `write ${value}`;
}

/** What to write instead of a number that is too small or too large. */
export function rangeHint(shape: Shape, value: number, path: Path): string {
  // Six-digit nameplate addresses carry the table in their first digit: 400001 is the first holding register.
  if (formatPath(path).endsWith(".address") && value > 100_000 && value <= 465_536)
    return `write ${(value % 100_000) - 1}: addresses are as on the wire, from 0, without the digit of the table`;
  const { minimum = -Infinity, maximum = Infinity } = shape;
  return value < minimum ? `write at least ${minimum}` : `write at most ${maximum}`;
}

/** What to write instead of a word that is not one of those allowed. */
export function wordHint(options: readonly { readonly const: string | number }[], node: unknown): string {
  const value: unknown = isScalar(node) ? node.value : undefined;
  const allowed = options.map((option) => option.const);
  const spelled = sourceOf(node) ?? (typeof value === "string" ? value : "");
  const same = allowed.find((option) => String(option) === spelled);
  if (same !== undefined)
    return typeof same === "string" ? `put it in quotes: ${quote(same)}` : `write ${same}, without quotes`;
  const words = allowed.map(String);
  const synonym = WORDS.get(spelled.toLowerCase());
  const near = synonym !== undefined && words.includes(synonym) ? synonym : nearest(spelled, words);
  if (near !== undefined) return `did you mean ${near}?`;
  // 1.2 without quotes would be a number
  return `write one of ${allowed.map((option) => (isNumeric(option) ? JSON.stringify(option) : option)).join(", ")}`;
}

function isNumeric(option: string | number): boolean {
  return typeof option === "string" && Number.isFinite(Number(option));
}

import { parseArgs } from "node:util";
import type { Parity } from "../../../hal/serial.ts";

/** What `holdfast discover` is to do. */
export interface DiscoverOrder {
  readonly place:
    | {
        readonly kind: "serial";
        readonly path: string;
        readonly bauds: readonly number[];
        readonly parities: readonly Parity[];
      }
    | { readonly kind: "tcp"; readonly host: string; readonly port: number };
  readonly units: readonly number[];
  readonly listenMs: number;
  readonly identify: boolean;
  readonly json: boolean;
  readonly control: string;
}

const PARITIES: readonly Parity[] = ["none", "even", "odd"];
const UNIT_MAX = 247;
const BAUD_MIN = 300;
const BAUD_MAX = 4_000_000;
/** A master that asks every ten seconds is heard; ten devices are found within a minute all the same. */
const LISTEN_S = 12;
const LISTEN_S_MAX = 3_600;

/** @throws {TypeError} with what is wrong, for whoever typed it */
export function discoverOrder(args: readonly string[], defaultControl: string): DiscoverOrder {
  const { values } = parseArgs({
    args: [...args],
    options: {
      path: { type: "string" },
      host: { type: "string" },
      port: { type: "string", default: "502" },
      baud: { type: "string", default: "19200" },
      parity: { type: "string", default: "even" },
      units: { type: "string", default: `1-${UNIT_MAX}` },
      listen: { type: "string", default: String(LISTEN_S) },
      identify: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      control: { type: "string", default: defaultControl },
    },
  });
  const { path, host, identify, json, control } = values;
  const common = {
    units: unitsOf(values.units),
    listenMs: whole("--listen", values.listen, 1, LISTEN_S_MAX) * 1_000,
    identify,
    json,
    control,
  };
  if (path !== undefined && host === undefined) {
    const bauds = values.baud.split(",").map((baud) => whole("--baud", baud, BAUD_MIN, BAUD_MAX));
    const parities = values.parity.split(",").map(parityOf);
    return { ...common, place: { kind: "serial", path, bauds, parities } };
  }
  if (host !== undefined && path === undefined) {
    return { ...common, place: { kind: "tcp", host, port: whole("--port", values.port, 1, 65_535) } };
  }
  throw new TypeError("discover wants either --path of a serial line or --host of a socket");
}

function whole(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/u.test(text) && value >= least && value <= most) return value;
  throw new TypeError(`${flag} wants whole numbers from ${least} to ${most}, not ${JSON.stringify(text)}`);
}

function parityOf(text: string): Parity {
  const parity = PARITIES.find((known) => known === text);
  if (parity !== undefined) return parity;
  throw new TypeError(`--parity wants ${PARITIES.join(", ")}, or several with commas, not ${JSON.stringify(text)}`);
}

/** `1-10,20`: each once, in order. */
function unitsOf(text: string): readonly number[] {
  const units = new Set<number>();
  for (const part of text.split(",")) {
    const [first = "", last = first, ...more] = part.split("-");
    if (more.length > 0) throw new TypeError(`--units wants ranges such as 1-10,20, not ${JSON.stringify(text)}`);
    const [from, to] = [whole("--units", first, 1, UNIT_MAX), whole("--units", last, 1, UNIT_MAX)];
    if (from > to) throw new TypeError(`--units wants ${to}-${from}, not ${from}-${to}`);
    for (let unit = from; unit <= to; unit++) units.add(unit);
  }
  return [...units].toSorted((a, b) => a - b);
}

/** Licences a shipped package may carry. Each lets us bundle it under Apache-2.0 with its notice kept. */
const SHIPPED = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT", "Unlicense"];

/** What tools on a workstation may carry besides: used unchanged, never part of what we hand out. */
const DEVELOPMENT = [...SHIPPED, "MPL-2.0"];

/** Packages judged one by one: only for development, only for the reason given. */
const DEVELOPMENT_EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ["sparkplug-payload", "EPL-2.0"], // the foreign decoder in test/interop, a judge that must not be ours
]);

export type Verdict =
  | {
      readonly allowed: true;
      /** what we use it under, where there is a choice */ readonly licences: readonly string[];
    }
  | { readonly allowed: false; readonly reason: string };

/**
 * Judges one package's SPDX expression.
 * @param expression the `license` field; what is no text is refused
 */
export function judgeLicence(name: string, expression: unknown, shipped: boolean): Verdict {
  if (typeof expression !== "string" || expression.trim() === "") {
    return { allowed: false, reason: "its package.json names no licence" };
  }
  const exception = shipped ? undefined : DEVELOPMENT_EXCEPTIONS.get(name);
  const allowed = new Set(shipped ? SHIPPED : DEVELOPMENT);
  if (exception !== undefined) allowed.add(exception);
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  const rest = [...tokens];
  const licences = readEither(rest, allowed);
  if (rest.length > 0)
    return { allowed: false, reason: `its licence "${expression}" does not read as an SPDX expression` };
  if (licences === undefined) {
    return {
      allowed: false,
      reason: `its licence "${expression}" is not on the list for ${shipped ? "shipped" : "development"} packages`,
    };
  }
  return { allowed: true, licences: [...new Set(licences)] };
}

/** `OR`: the first side that is allowed, which is how "BSD-3-Clause OR GPL-2.0" is used under BSD-3-Clause. */
function readEither(rest: string[], allowed: ReadonlySet<string>): readonly string[] | undefined {
  let chosen = readAll(rest, allowed);
  while (rest[0]?.toUpperCase() === "OR") {
    rest.shift();
    const other = readAll(rest, allowed);
    chosen ??= other;
  }
  return chosen;
}

/** `AND`: every side must be allowed. */
function readAll(rest: string[], allowed: ReadonlySet<string>): readonly string[] | undefined {
  let chosen = readOne(rest, allowed);
  while (rest[0]?.toUpperCase() === "AND") {
    rest.shift();
    const other = readOne(rest, allowed);
    chosen = chosen === undefined || other === undefined ? undefined : [...chosen, ...other];
  }
  return chosen;
}

function readOne(rest: string[], allowed: ReadonlySet<string>): readonly string[] | undefined {
  const token = rest.shift();
  if (token !== "(") return token !== undefined && allowed.has(token) ? [token] : undefined;
  const inner = readEither(rest, allowed);
  return rest.shift() === ")" ? inner : undefined;
}

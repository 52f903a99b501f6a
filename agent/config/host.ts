import { isIP, isIPv4, isIPv6 } from "node:net";
import { quote } from "./quote.ts";

const NAME_CHARS_MAX = 253;
const LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/u;

/** What a host is, or undefined where it is neither a name nor an address. Nothing is looked up. */
export function hostKind(host: string): "address" | "name" | undefined {
  if (isIP(host) !== 0) return "address";
  const labels = (host.endsWith(".") ? host.slice(0, -1) : host).split(".");
  const named = host.length <= NAME_CHARS_MAX && labels.every((label) => LABEL.test(label));
  // Digits and dots that are no address, such as 10.0.0.300, are a mistake and never a name.
  return named && !/^[0-9]+$/u.test(labels.at(-1) ?? "") ? "name" : undefined;
}

/** Two spellings of one host give one text. */
export function comparableHost(host: string): string {
  if (!isIPv6(host) || host.includes("%")) return host.toLowerCase().replace(/\.$/u, "");
  return new URL(`http://[${host}]/`).hostname;
}

/** What to write instead of what is no host. */
export function hostHint(offered: string): string {
  const bare = offered
    .trim()
    .replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//u, "")
    .replace(/\/.*$/su, "");
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/u.exec(bare) ?? [];
  if (bracketed !== undefined && isIPv6(bracketed))
    return `write ${quote(bracketed)}, without brackets, and the port as \`port\``;
  const [, host = "", port = ""] = /^([^:]+):(\d+)$/u.exec(bare) ?? [];
  if (hostKind(host) !== undefined) return `write \`host: ${host}\` and \`port: ${port}\``;
  if (bare !== offered && hostKind(bare) !== undefined) return `write ${quote(bare)}`;
  const decimal = bare
    .split(".")
    .map((part) => part.replace(/^0+(?=\d)/u, ""))
    .join(".");
  if (isIPv4(decimal)) return `write ${quote(decimal)}: a leading 0 means octal to some`;
  return "write an address such as 192.0.2.10, or a name of letters, digits, `-` and `.`";
}

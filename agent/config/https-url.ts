import { parseAuthority } from "./authority.ts";
import { quote } from "./quote.ts";

export interface HttpsAddress {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

const PORT_HTTPS = 443;

/** @param url begins with `https://`; a secret in it is never repeated */
export function parseHttpsUrl(url: string): HttpsAddress | { readonly fault: string; readonly hint: string } {
  const rest = url.slice("https://".length);
  const slash = rest.indexOf("/");
  const [text, path] = slash < 0 ? [rest, "/"] : [rest.slice(0, slash), rest.slice(slash)];
  if (text.includes("@")) {
    const fault = "the address holds a user name or password";
    return { fault, hint: "delete what stands before the @: a token goes in `tokenFile`" };
  }
  // an address is shown in status, logs and findings, and a query is where tokens travel
  if (url.includes("?")) {
    const fault = "the address holds a query, which everybody would see";
    return { fault, hint: "delete the ? and what follows: a token goes in `tokenFile`" };
  }
  if (/[^\u0021-\u007e]|#/u.test(path)) {
    return { fault: `the path in ${quote(url)} holds what no path can`, hint: "write https://host:port/path" };
  }
  const authority = parseAuthority(text, url, "https://host:port/path", PORT_HTTPS);
  return "fault" in authority ? authority : { ...authority, path };
}

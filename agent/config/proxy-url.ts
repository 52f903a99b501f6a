import { parseAuthority } from "./authority.ts";
import type { Authority } from "./authority.ts";
import { quote } from "./quote.ts";

const PORT_PROXY = 3128;

/** @param url begins with `http://`; a secret in it is never repeated */
export function parseProxyUrl(url: string): Authority {
  const rest = url.slice("http://".length).replace(/\/$/u, "");
  if (rest.includes("@")) {
    const fault = "the proxy's address holds a user name or password";
    return { fault, hint: "delete what stands before the @: those go in `username` and `passwordFile`" };
  }
  if (/[/?#\s]/u.test(rest)) {
    return { fault: `${quote(url)} holds more than host and port`, hint: "write http://host:port, nothing behind it" };
  }
  return parseAuthority(rest, url, "http://host:port", PORT_PROXY);
}

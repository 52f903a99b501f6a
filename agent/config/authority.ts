import { isIPv6 } from "node:net";
import { hostHint, hostKind } from "./host.ts";
import { quote } from "./quote.ts";

/** Host and port of an address, or what is wrong with it and what to write instead. */
export type Authority =
  | { readonly host: string; readonly port: number }
  | { readonly fault: string; readonly hint: string };

const PORT_MAX = 65_535;

/**
 * Reads `host`, `host:port` or `[address]:port`.
 * @param url the whole, for messages; it must hold no secret
 * @param form how a right one looks, such as `mqtts://host:port`
 */
export function parseAuthority(text: string, url: string, form: string, portDefault: number): Authority {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/u.exec(text) ?? [];
  const host = bracketed ?? plain ?? "";
  if (hostKind(host) === undefined || (bracketed !== undefined && !isIPv6(bracketed)))
    return { fault: `${quote(url)} names no host`, hint: noHostHint(text, host, form, portDefault) };
  const number = port === undefined ? portDefault : Number(port);
  if (number >= 1 && number <= PORT_MAX) return { host, port: number };
  return { fault: `port ${number} does not exist`, hint: `write a port from 1 to ${PORT_MAX}, such as ${portDefault}` };
}

function noHostHint(text: string, host: string, form: string, port: number): string {
  if (isIPv6(text)) {
    return `write ${quote(form.replace("host:port", `[${text}]:${port}`))}: an IPv6 address goes in brackets`;
  }
  return host === "" ? `write ${form}` : hostHint(host);
}

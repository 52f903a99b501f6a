import { isIPv6 } from "node:net";
import { hostHint, hostKind } from "./host.ts";
import { quote } from "./quote.ts";

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

const PORT_TLS = 8883;
const PORT_MAX = 65_535;

/** @param url begins with `mqtts://`; a secret in it is never repeated */
export function parseBrokerUrl(url: string): BrokerAddress | { readonly fault: string; readonly hint: string } {
  const rest = url.slice("mqtts://".length).replace(/\/$/u, "");
  if (rest.includes("@")) {
    const fault = "the address holds a user name or password";
    return { fault, hint: "delete what stands before the @: the gateway proves who it is with its certificate" };
  }
  if (/[/?#\s]/u.test(rest)) {
    return { fault: `${quote(url)} holds more than host and port`, hint: "write mqtts://host:port, nothing behind it" };
  }
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/u.exec(rest) ?? [];
  const host = bracketed ?? plain ?? "";
  if (hostKind(host) === undefined || (bracketed !== undefined && !isIPv6(bracketed)))
    return { fault: `${quote(url)} names no host`, hint: noHostHint(rest, host) };
  const number = port === undefined ? PORT_TLS : Number(port);
  if (number < 1 || number > PORT_MAX) {
    return {
      fault: `port ${number} does not exist`,
      hint: `write a port from 1 to ${PORT_MAX}; TLS brokers listen on 8883`,
    };
  }
  return { host, port: number };
}

function noHostHint(rest: string, host: string): string {
  if (isIPv6(rest)) return `write ${quote(`mqtts://[${rest}]:${PORT_TLS}`)}: an IPv6 address goes in brackets`;
  return host === "" ? "write mqtts://host:port" : hostHint(host);
}

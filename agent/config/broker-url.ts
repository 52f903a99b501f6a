import { parseAuthority } from "./authority.ts";
import { quote } from "./quote.ts";

export interface BrokerAddress {
  readonly transport: "tcp" | "websocket";
  readonly host: string;
  readonly port: number;
  /** of the WebSocket request; `/` over TCP */
  readonly path: string;
}

const PORT_MQTTS = 8883;
const PORT_WSS = 443;
/** Where brokers expect MQTT over WebSocket unless they say otherwise. */
const PATH_WSS = "/mqtt";

/** @param url begins with `mqtts://` or `wss://`; a secret in it is never repeated */
export function parseBrokerUrl(url: string): BrokerAddress | { readonly fault: string; readonly hint: string } {
  const websocket = url.startsWith("wss://");
  const rest = url.slice(websocket ? "wss://".length : "mqtts://".length);
  if (rest.includes("@")) {
    const fault = "the address holds a user name or password";
    return { fault, hint: "delete what stands before the @: those go in `username` and `passwordFile`" };
  }
  if (websocket) return websocketAddress(url, rest);
  const bare = rest.replace(/\/$/u, "");
  if (/[/?#\s]/u.test(bare)) {
    return { fault: `${quote(url)} holds more than host and port`, hint: "write mqtts://host:port, nothing behind it" };
  }
  const authority = parseAuthority(bare, url, "mqtts://host:port", PORT_MQTTS);
  return "fault" in authority ? authority : { transport: "tcp", ...authority, path: "/" };
}

function websocketAddress(url: string, rest: string): ReturnType<typeof parseBrokerUrl> {
  const slash = rest.indexOf("/");
  const [text, path] = slash < 0 ? [rest, PATH_WSS] : [rest.slice(0, slash), rest.slice(slash)];
  // an address is shown in status, logs and findings, and a query is where tokens travel
  if (path.includes("?")) {
    const fault = "the address holds a query, which everybody would see";
    return { fault, hint: "delete the ? and what follows; who the gateway is goes in `certificate` and `username`" };
  }
  if (/[^\u0021-\u007e]|#/u.test(path)) {
    return { fault: `the path in ${quote(url)} holds what no path can`, hint: "write wss://host:port/path" };
  }
  const authority = parseAuthority(text, url, "wss://host:port", PORT_WSS);
  return "fault" in authority ? authority : { transport: "websocket", ...authority, path };
}

import { isIPv6 } from "node:net";
import { HalError } from "../../../hal/error.ts";
import { httpConnect } from "../../../hal/http-connect.ts";
import type { ConnectAnswer } from "../../../hal/http-connect.ts";
import type { ByteStream } from "../../../hal/network.ts";
import type { BrokerSnapshot, ProxySnapshot } from "../../config/snapshot.ts";
import { UplinkError } from "./fault.ts";
import { foreignText } from "./foreign-text.ts";

/** A proxy has a line and a handful of headers to say. */
const HEADER_BYTES_MAX = 8_192;
/** The second is a server's word, which tinyproxy uses for a wrong password. */
const AUTHENTICATION_WANTED = new Set([407, 401]);

export interface TunnelWanted {
  readonly broker: BrokerSnapshot;
  readonly proxy: ProxySnapshot;
  readonly password: string | undefined;
}

/**
 * Asks the proxy at the other end of `stream` for a tunnel to the broker; afterwards the stream is the broker's. The
 * proxy resolves the broker's name. A user name and password go out in clear, as HTTP has it, to that proxy alone.
 * @throws {UplinkError} `UPLINK_PROXY_…`; the signal's reason where it aborts
 * @see RFC 9110 §9.3.6 CONNECT, §11.7 proxy authentication; RFC 7617 Basic
 */
export async function openTunnel(stream: ByteStream, wanted: TunnelWanted, signal: AbortSignal): Promise<void> {
  const { broker, proxy, password } = wanted;
  const destination = `${isIPv6(broker.host) ? `[${broker.host}]` : broker.host}:${broker.port}`;
  const login = proxy.username === undefined ? undefined : basic(proxy.username, password ?? "");
  const headers = login === undefined ? {} : { "Proxy-Authorization": `Basic ${login}` };
  const question = { destination, headers, headerBytesMax: HEADER_BYTES_MAX };
  const answer = await httpConnect(stream, question, signal).catch((error: unknown) => {
    throw error instanceof HalError ? noAnswer(error) : error;
  });
  judge(answer, wanted, destination, [password, login]);
}

function noAnswer(cause: HalError): UplinkError {
  return cause.code === "HAL_HTTP_CLOSED"
    ? new UplinkError("UPLINK_PROXY_CLOSED", "the proxy closed the connection instead of answering CONNECT", { cause })
    : new UplinkError("UPLINK_PROXY_NO_TUNNEL", `at the proxy's address: ${cause.message}`, { cause });
}

function judge(
  answer: ConnectAnswer,
  wanted: TunnelWanted,
  destination: string,
  secrets: readonly (string | undefined)[],
): void {
  const { statusCode, statusMessage, head } = answer;
  const said = `the proxy answered ${statusCode}${statusMessage === "" ? "" : ` ${foreignText(statusMessage, secrets)}`}`;
  if (statusCode >= 200 && statusCode < 300) {
    // Behind a tunnel is a TLS server, which waits to be spoken to.
    if (head.length === 0) return;
    throw new UplinkError(
      "UPLINK_PROXY_NO_TUNNEL",
      `${said}, but then spoke itself, as a captive portal or a web server does`,
    );
  }
  if (AUTHENTICATION_WANTED.has(statusCode)) throw refusedCredential(answer, wanted.proxy);
  // 502, 503 and 504 by the book, 500 by tinyproxy: its own trouble with what lies behind it
  if (statusCode >= 500) {
    throw new UplinkError("UPLINK_PROXY_NO_WAY_ON", `${said}: it did not reach ${destination}`);
  }
  if (statusCode >= 300 && statusCode < 400) {
    throw new UplinkError("UPLINK_PROXY_NO_TUNNEL", `${said}, a redirection, as a captive portal does`);
  }
  throw new UplinkError("UPLINK_PROXY_REFUSED", `${said} to CONNECT ${destination}`);
}

function refusedCredential(answer: ConnectAnswer, proxy: ProxySnapshot): UplinkError {
  const schemes = schemesOf(answer);
  if (schemes.length > 0 && !schemes.some((scheme) => scheme.toLowerCase() === "basic")) {
    return new UplinkError("UPLINK_PROXY_SCHEME", `the proxy wants ${schemes.join(", ")}; the gateway speaks Basic`);
  }
  return proxy.username === undefined
    ? new UplinkError("UPLINK_PROXY_CREDENTIAL_REFUSED", "the proxy wants a user name and password")
    : new UplinkError("UPLINK_PROXY_CREDENTIAL_REFUSED", "the proxy does not take the user name and password");
}

const SCHEMES_MAX = 8;

/** The names in `Proxy-Authenticate`, whether it came once or more often. */
function schemesOf({ headers }: ConnectAnswer): string[] {
  const unquoted = (headers["proxy-authenticate"] ?? headers["www-authenticate"] ?? "").replace(
    /"(?:[^"\\]|\\.)*"/g,
    '""',
  );
  const found = unquoted.matchAll(/(?:^|,)\s*([\w-]{1,32})(?=\s+[^=\s]|\s*(?:,|$))/g);
  return [...new Set([...found].map(([, name = ""]) => name))].slice(0, SCHEMES_MAX);
}

function basic(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`, "utf8").toString("base64");
}

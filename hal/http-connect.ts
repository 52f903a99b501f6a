import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { HalError } from "./error.ts";
import type { ByteStream } from "./network.ts";

export interface ConnectRequest {
  /** `host:port`, an IPv6 address in brackets */
  readonly destination: string;
  readonly headers: Readonly<Record<string, string>>;
  /** of the answer, its first line included */
  readonly headerBytesMax: number;
}

export interface ConnectAnswer {
  readonly statusCode: number;
  /** as it came: whoever answers wrote it */
  readonly statusMessage: string;
  readonly headers: IncomingMessage["headers"];
  /** what came behind the headers, before anything was sent into the tunnel */
  readonly head: Uint8Array;
}

/**
 * HTTP CONNECT over any stream; afterwards, where the answer was a yes, the stream is the tunnel's other end.
 * @throws {HalError} `HAL_HTTP_CLOSED` without an answer, `HAL_HTTP_INVALID` for what is none; the signal's reason
 * where it aborts, and then the stream is the caller's to destroy
 * @see RFC 9110 §9.3.6
 */
export function httpConnect(stream: ByteStream, wanted: ConnectRequest, signal: AbortSignal): Promise<ConnectAnswer> {
  const { destination, headers, headerBytesMax } = wanted;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const asked = request({
      method: "CONNECT",
      path: destination,
      headers: { Host: destination, ...headers },
      setDefaultHeaders: false,
      maxHeaderSize: headerBytesMax,
      createConnection: () => stream,
    });
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    // every answer to CONNECT arrives here, also a no
    asked.once("connect", ({ statusCode = 0, statusMessage = "", headers: answered }, _socket, head) => {
      signal.removeEventListener("abort", onAbort);
      resolve({ statusCode, statusMessage, headers: answered, head });
    });
    asked.on("error", (error) => {
      signal.removeEventListener("abort", onAbort);
      reject(noAnswer(error, headerBytesMax));
    });
    asked.end();
  });
}

/** @param cause what Node's client says of something that is not an answer */
function noAnswer(cause: Error, headerBytesMax: number): HalError {
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  if (code === "HPE_HEADER_OVERFLOW") {
    return new HalError("HAL_HTTP_INVALID", `the answer has over ${headerBytesMax} bytes of headers`, { cause });
  }
  return code.startsWith("HPE_")
    ? new HalError("HAL_HTTP_INVALID", "what answers there does not speak HTTP", { cause })
    : new HalError("HAL_HTTP_CLOSED", "the connection was closed instead of an answer", { cause });
}

import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { HalError } from "./error.ts";
import type { ByteStream } from "./network.ts";

export interface PostRequest {
  /** of the Host header, with the port where it is not the usual one */
  readonly host: string;
  /** path and query */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** of the answer, its first line included */
  readonly headerBytesMax: number;
}

export interface PostAnswer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
}

/** Answers before the answer [RFC 9110 §15.2]: nobody asked for one, and a server that does nothing else has none. */
const INTERIM_MAX = 8;

/**
 * One HTTP POST over any stream, which is of no use afterwards and is the caller's to destroy. Resolves with the answer's
 * head: its body is not waited for, since one that never ends would take back a yes. Nothing is followed.
 * @throws {HalError} `HAL_HTTP_CLOSED` without a whole answer, `HAL_HTTP_INVALID` for what is none; the signal's reason
 * where it aborts
 */
export function httpPost(stream: ByteStream, post: PostRequest, signal: AbortSignal): Promise<PostAnswer> {
  const { host, path, headers, body, headerBytesMax } = post;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const asked = request({
      method: "POST",
      path,
      headers: { Host: host, "Content-Length": `${body.length}`, Connection: "close", ...headers },
      setDefaultHeaders: false,
      maxHeaderSize: headerBytesMax,
      createConnection: () => stream,
    });
    const settle = (): void => signal.removeEventListener("abort", onAbort);
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    asked.once("response", (answer) => {
      settle();
      answer.on("error", () => {});
      resolve({ statusCode: answer.statusCode ?? 0, headers: answer.headers });
    });
    let interim = 0;
    asked.on("information", () => {
      interim += 1;
      if (interim <= INTERIM_MAX) return;
      asked.destroy(new HalError("HAL_HTTP_INVALID", `the server says "not yet" over ${INTERIM_MAX} times`));
    });
    asked.once("upgrade", () => {
      settle();
      reject(new HalError("HAL_HTTP_INVALID", "the server wants to speak another protocol than HTTP"));
    });
    asked.on("error", (error) => {
      settle();
      reject(noAnswer(error, headerBytesMax));
    });
    asked.end(body);
  });
}

/** @param cause what Node's client says of something that is not an answer */
function noAnswer(cause: Error, headerBytesMax: number): HalError {
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  if (cause instanceof HalError) return cause;
  if (code === "HPE_HEADER_OVERFLOW") {
    return new HalError("HAL_HTTP_INVALID", `the answer has over ${headerBytesMax} bytes of headers`, { cause });
  }
  return code.startsWith("HPE_")
    ? new HalError("HAL_HTTP_INVALID", "what answers there does not speak HTTP", { cause })
    : new HalError("HAL_HTTP_CLOSED", "the connection was closed instead of an answer", { cause });
}

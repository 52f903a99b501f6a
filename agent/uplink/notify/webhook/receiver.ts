import { isIPv6 } from "node:net";
import { HalError } from "../../../../hal/error.ts";
import type { PostAnswer } from "../../../../hal/http-post.ts";
import type { AlarmSinkSnapshot, WebhookReceiver } from "../../../config/snapshot/notify.ts";
import { NotifyError } from "../fault.ts";
import { materialOf, openSecure } from "../open-secure.ts";
import type { SecureParts } from "../open-secure.ts";
import type { Delivery, Origin, Receiver } from "../receiver.ts";
import { webhookBody } from "./body.ts";
import { retryAfterMs } from "./retry-after.ts";

/** Far more than any answer to a POST has to say. */
const HEADER_BYTES_MAX = 16_384;
const HTTPS_PORT = 443;
/** Any visible ASCII: wider than RFC 6750 §2.1, and nothing that could end a header. */
const BEARER = /^[\u0021-\u007e]+$/u;

/** One POST of JSON for each event, over TLS, one after the other; 2xx is an acknowledgement. */
export function webhookReceiver(
  parts: SecureParts,
  sink: AlarmSinkSnapshot,
  receiver: WebhookReceiver,
  origin: Origin,
): Receiver {
  const open = openSecure(parts, sink, receiver);
  const { host, port, path } = receiver;
  const bracketed = isIPv6(host) ? `[${host}]` : host;
  const authority = port === HTTPS_PORT ? bracketed : `${bracketed}:${port}`;
  const post = async (delivery: Delivery, ...[way, signal]: Parameters<typeof open>): Promise<void> => {
    const { token } = await materialOf(parts.material, sink);
    if (token !== undefined && !BEARER.test(token)) {
      const why = "the token of tokenFile has characters that no bearer token may have, such as a space";
      throw new NotifyError("NOTIFY_MATERIAL_FAILED", why);
    }
    const stream = await open(way, signal);
    try {
      const request = {
        host: authority,
        path,
        headers: {
          "Content-Type": "application/json",
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
        body: Buffer.from(JSON.stringify(webhookBody(delivery, origin, sink.language))),
        headerBytesMax: HEADER_BYTES_MAX,
      };
      // loaded with the first event: most gateways tell no web server
      const { httpPost } = await import("../../../../hal/http-post.ts");
      judge(await httpPost(stream, request, signal));
    } catch (error) {
      throw error instanceof HalError ? httpFault(error) : error;
    } finally {
      stream.destroy();
    }
  };
  return {
    address: `webhook https://${authority}`,
    batchMax: 1,
    async deliver(batch, way, signal) {
      for (const delivery of batch) await post(delivery, way, signal);
    },
  };
}

/** @throws {NotifyError} unless the answer says that the event was taken */
function judge({ statusCode, headers }: PostAnswer): void {
  if (statusCode >= 200 && statusCode < 300) return;
  const said = `it answered ${statusCode}`;
  if (statusCode >= 300 && statusCode < 400) {
    throw new NotifyError("NOTIFY_HTTP_REDIRECT", `${said} and leads elsewhere, which is never followed`);
  }
  if (statusCode === 401 || statusCode === 403) throw new NotifyError("NOTIFY_HTTP_UNAUTHORISED", said);
  if (statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429) {
    throw new NotifyError("NOTIFY_HTTP_REFUSED", said);
  }
  throw new NotifyError("NOTIFY_HTTP_UNAVAILABLE", said, { retryAfterMs: retryAfterMs(headers["retry-after"]) });
}

function httpFault(error: HalError): Error {
  if (error.code === "HAL_HTTP_INVALID") return new NotifyError("NOTIFY_HTTP_INVALID", error.message, { cause: error });
  if (error.code === "HAL_HTTP_CLOSED") return new NotifyError("NOTIFY_CLOSED", error.message, { cause: error });
  return error;
}

import { sleep } from "../../../../hal/clock.ts";
import type { Clock } from "../../../../hal/clock.ts";
import type { ByteStream } from "../../../../hal/network.ts";
import type { AlarmSinkSnapshot, SyslogReceiver } from "../../../config/snapshot/notify.ts";
import { untilAborted } from "../attempt.ts";
import { NotifyError } from "../fault.ts";
import { openSecure } from "../open-secure.ts";
import type { SecureParts } from "../open-secure.ts";
import type { Origin, Receiver } from "../receiver.ts";
import { syslogFrame, syslogMessage } from "./message.ts";

/** More than a datagram needs to the other end of a radio link, repeated once; less than anybody notices. */
const ARRIVAL_MS = 500;
/** A receiver that is there and reads ends its side within a round trip; with the rest, less than an attempt has. */
const END_MS = 10_000;
/** Enough for the flood after a power cut, few enough to be repeated without harm. */
const BATCH_MAX = 32;

/**
 * Syslog over TLS. The protocol acknowledges nothing, so each batch has a connection of its own, which we end: a receiver
 * ends its side once it has read everything up to that. Until then the batch counts as not delivered and is sent again.
 * @see RFC 5425 §4.4
 */
export function syslogReceiver(
  parts: SecureParts & { readonly clock: Clock },
  sink: AlarmSinkSnapshot,
  receiver: SyslogReceiver,
  origin: Origin,
): Receiver {
  const open = openSecure(parts, sink, receiver);
  return {
    address: `syslog ${receiver.host}:${receiver.port}`,
    batchMax: BATCH_MAX,
    async deliver(batch, way, signal) {
      const stream = await open(way, signal);
      try {
        const frames = batch.map((one) => syslogFrame(syslogMessage(one, origin, receiver, sink.language)));
        await writeAndEnd(stream, Buffer.concat(frames), parts.clock, signal);
      } finally {
        stream.destroy();
      }
    },
  };
}

/** Watches one connection from its bytes to its end. */
async function writeAndEnd(stream: ByteStream, bytes: Uint8Array, clock: Clock, signal: AbortSignal): Promise<void> {
  let ending = false;
  const ended = new Promise<void>((resolve, reject) => {
    stream.once("error", reject);
    stream.once("close", () => reject(closed("the connection broke")));
    stream.once("end", () => (ending ? resolve() : reject(closed("it hung up by itself"))));
  });
  // whoever waits for it may still be at an earlier step
  ended.catch(() => {});
  // a receiver has nothing to say; its end is heard only where what it says is read
  stream.resume();
  stream.write(bytes);
  // An end of its own would look like an answer to ours. Once our bytes have arrived it cannot: a machine that closes a
  // connection with unread bytes breaks it.
  await Promise.race([sleep(clock, ARRIVAL_MS, signal), ended]);
  ending = true;
  stream.end();
  const late = new AbortController();
  const open = new NotifyError("NOTIFY_SYSLOG_OPEN", `${END_MS / 1_000} s after our end it still keeps the connection`);
  using _timer = clock.after(END_MS, () => late.abort(open));
  await untilAborted(ended, AbortSignal.any([signal, late.signal]));
}

function closed(how: string): NotifyError {
  return new NotifyError("NOTIFY_CLOSED", `${how} before it had everything`);
}

import type { ByteStream } from "../../hal/network.ts";

/** Largest message between two rooms. The configuration part of 800 devices is well under this. */
export const FRAME_BYTES_MAX = 8 * 1024 * 1024;
/** Bytes that may wait for a slow peer before `send` says so. */
export const WAITING_BYTES_MAX = 4 * 1024 * 1024;
const LENGTH_BYTES = 4;

export type ChannelErrorCode =
  | "CHANNEL_FRAME_SIZE" // a length of 0 or beyond FRAME_BYTES_MAX
  | "CHANNEL_MESSAGE_MALFORMED" // not JSON
  | "CHANNEL_MESSAGE_REFUSED"; // JSON that no schema of this pair of rooms allows

export class ChannelError extends Error {
  readonly code: ChannelErrorCode;
  constructor(code: ChannelErrorCode, message: string) {
    super(message);
    this.name = "ChannelError";
    this.code = code;
  }
}

/** Typed, bounded messages over one stream: a 4-byte big-endian length, then JSON. */
export interface Channel<Out> {
  /** Queues one message. False: more than {@link WAITING_BYTES_MAX} waits, hold back until `drained`. After the end it does nothing. */
  send(message: Out): boolean;
  /** Resolves once little waits, or the channel has ended. */
  drained(): Promise<void>;
  close(): void;
  /** Resolves, with the reason where a message was refused, once the channel is gone. Never rejects. */
  readonly closed: Promise<ChannelError | undefined>;
}

/**
 * Reads messages from `stream` until it ends. A peer that sends what its schema does not allow is cut off: between rooms
 * that is a bug or an attack, and neither is answered.
 * @param decode the message, or undefined to refuse it
 */
export function openChannel<In, Out>(
  stream: ByteStream,
  decode: (value: unknown) => In | undefined,
  receive: (message: In) => void,
): Channel<Out> {
  let refusal: ChannelError | undefined;
  const refuse = (error: ChannelError): void => {
    refusal ??= error;
    stream.destroy();
  };
  const frames = frameReader((frame) => {
    // more of them may have come with the one that was refused
    if (refusal !== undefined) return;
    const decoded = decodeFrame(frame, decode);
    if (decoded instanceof ChannelError) refuse(decoded);
    else receive(decoded);
  }, refuse);
  stream.on("data", (chunk: Uint8Array) => {
    if (refusal === undefined) frames(chunk);
  });
  stream.on("error", () => {});
  const closed = new Promise<ChannelError | undefined>((resolve) => {
    stream.once("close", () => resolve(refusal));
  });
  stream.once("end", () => stream.destroy());
  return {
    closed,
    send(message) {
      if (!stream.writable) return true;
      stream.write(encodeFrame(message));
      return stream.writableLength < WAITING_BYTES_MAX;
    },
    async drained() {
      if (!stream.writable || stream.writableLength < WAITING_BYTES_MAX) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          stream.off("drain", done);
          stream.off("close", done);
          resolve();
        };
        stream.once("drain", done);
        stream.once("close", done);
      });
    },
    close() {
      stream.destroy();
    },
  };
}

function encodeFrame(message: unknown): Buffer {
  const text = JSON.stringify(message);
  const bytes = Buffer.byteLength(text);
  if (bytes > FRAME_BYTES_MAX) throw new RangeError(`a message of ${bytes} bytes is over ${FRAME_BYTES_MAX}`);
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + bytes);
  frame.writeUInt32BE(bytes, 0);
  frame.write(text, LENGTH_BYTES);
  return frame;
}

function decodeFrame<In>(frame: Buffer, decode: (value: unknown) => In | undefined): In | ChannelError {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString("utf8"));
  } catch {
    return new ChannelError("CHANNEL_MESSAGE_MALFORMED", `${frame.length} bytes are not JSON`);
  }
  const message = decode(value);
  return message ?? new ChannelError("CHANNEL_MESSAGE_REFUSED", `no schema allows a message of kind ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  return typeof kind === "string" ? JSON.stringify(kind.slice(0, 32)) : "unknown";
}

function frameReader(
  frame: (bytes: Buffer) => void,
  refuse: (error: ChannelError) => void,
): (chunk: Uint8Array) => void {
  let chunks: Uint8Array[] = [];
  let waiting = 0;
  let wanted = -1;
  return (chunk) => {
    chunks.push(chunk);
    waiting += chunk.length;
    while (waiting >= (wanted < 0 ? LENGTH_BYTES : wanted)) {
      const bytes = chunks.length === 1 ? asBuffer(chunks[0] as Uint8Array) : Buffer.concat(chunks, waiting);
      if (wanted < 0) {
        wanted = bytes.readUInt32BE(0);
        chunks = [bytes.subarray(LENGTH_BYTES)];
        waiting -= LENGTH_BYTES;
        if (wanted < 1 || wanted > FRAME_BYTES_MAX) {
          refuse(new ChannelError("CHANNEL_FRAME_SIZE", `a frame of ${wanted} bytes, 1 to ${FRAME_BYTES_MAX} allowed`));
          return;
        }
      } else {
        const whole = bytes.subarray(0, wanted);
        // an empty rest of a configuration would keep its megabytes until the next message
        chunks = bytes.length === wanted ? [] : [bytes.subarray(wanted)];
        waiting -= wanted;
        wanted = -1;
        frame(whole);
      }
    }
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

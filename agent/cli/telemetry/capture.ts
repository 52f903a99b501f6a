/** As much of one line as anybody has reason to send: 1 MiB of payload in hexadecimal, and a topic. */
export const LINE_BYTES_MAX = 2 * 1024 * 1024 + 65_536;

/** One captured MQTT message. */
export interface Captured {
  /** of the input, from 1 */
  readonly line: number;
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** A line that is no message. */
export interface BadLine {
  readonly line: number;
  readonly refusal: string;
}

const WANTED = "`topic hex` is wanted, as `mosquitto_sub -F '%t %x'` prints it";

/**
 * Messages of a capture, one in each line as `topic hex`: the hexadecimal digits behind the last space, since topics may
 * have spaces. Empty lines are passed over.
 */
export async function* capturedMessages(input: AsyncIterable<Uint8Array>): AsyncGenerator<Captured | BadLine> {
  let number = 0;
  for await (const line of lines(input)) {
    number += 1;
    if (line === undefined) yield { line: number, refusal: `longer than ${LINE_BYTES_MAX} bytes` };
    else if (line.trim() !== "") yield message(number, line.replace(/\r$/u, ""));
  }
}

function message(number: number, line: string): Captured | BadLine {
  const space = line.lastIndexOf(" ");
  const [topic, hex] = [line.slice(0, space), line.slice(space + 1)];
  if (space < 1) return { line: number, refusal: `no space in it: ${WANTED}` };
  if (hex.length % 2 !== 0 || !/^[\da-f]*$/iu.test(hex)) {
    return { line: number, refusal: `no hexadecimal bytes behind its last space: ${WANTED}` };
  }
  return { line: number, topic, payload: Buffer.from(hex, "hex") };
}

/** Undefined stands for a line that is too long, which is passed over to its end. */
async function* lines(input: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  let parts: Buffer[] = [];
  let bytes = 0;
  const take = (): string | undefined => {
    const line = bytes > LINE_BYTES_MAX ? undefined : Buffer.concat(parts).toString("utf8");
    parts = [];
    bytes = 0;
    return line;
  };
  const keep = (part: Buffer): void => {
    bytes += part.length;
    if (bytes <= LINE_BYTES_MAX) parts.push(part);
    else parts = [];
  };
  for await (const chunk of input) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let from = 0;
    for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, from)) {
      keep(buffer.subarray(from, end));
      from = end + 1;
      yield take();
    }
    keep(buffer.subarray(from));
  }
  if (bytes > 0) yield take();
}

const NEWLINE = 0x0a;

/** All of the input as one payload, or undefined where it is longer than any payload. */
export async function wholePayload(input: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    bytes += chunk.length;
    if (bytes > LINE_BYTES_MAX) return undefined;
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

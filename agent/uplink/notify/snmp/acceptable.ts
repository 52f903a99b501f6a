const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const SEQUENCE = 0x30;
const REPORT = 0xa8;
const AUTHENTICATED = 1;
const ENCRYPTED = 2;
const LENGTH_IN_BYTES = 0x80;
const LENGTH_BYTES_MAX = 2;

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** what stands behind it */
  readonly rest: Buffer;
}

/**
 * Whether a datagram may be shown to the library: it takes an answer without authentication for an answer, by which
 * anybody on the way could acknowledge an alarm that nobody received. Only reports, which begin a conversation and
 * deliver nothing, may come unauthenticated.
 * @see RFC 3412 §7.2.12 d: an answer has the security level of its request; RFC 3414 §4 (discovery)
 */
export function isAcceptable(datagram: Buffer): boolean {
  const version = inside(element(datagram), SEQUENCE, INTEGER);
  const header = element(version?.rest);
  if (header?.tag !== SEQUENCE) return false;
  const flags = element(element(element(header.content)?.rest)?.rest);
  const flag = flags?.tag === OCTET_STRING && flags.content.length === 1 ? flags.content[0] : undefined;
  if (flag === undefined) return false;
  if ((flag & AUTHENTICATED) !== 0) return true;
  if ((flag & ENCRYPTED) !== 0) return false;
  const security = element(header.rest);
  const contextEngine = inside(element(security?.rest), SEQUENCE, OCTET_STRING);
  return element(element(contextEngine?.rest)?.rest)?.tag === REPORT;
}

/** The first element of a constructed one. */
function inside(outer: Element | undefined, outerTag: number, tag: number): Element | undefined {
  if (outer?.tag !== outerTag) return undefined;
  const first = element(outer.content);
  return first?.tag === tag ? first : undefined;
}

/** The element that `bytes` begin with; undefined where they do not hold all of it. */
function element(bytes: Buffer | undefined): Element | undefined {
  const [tag, short] = bytes ?? [];
  if (bytes === undefined || tag === undefined || short === undefined) return undefined;
  const lengthBytes = short < LENGTH_IN_BYTES ? 0 : short - LENGTH_IN_BYTES;
  const start = 2 + lengthBytes;
  if (short === LENGTH_IN_BYTES || lengthBytes > LENGTH_BYTES_MAX || bytes.length < start) return undefined;
  const length = lengthBytes === 0 ? short : bytes.readUIntBE(2, lengthBytes);
  if (bytes.length < start + length) return undefined;
  return { tag, content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}

import { MIB_OID } from "../../../../agent/uplink/notify/snmp/notification.ts";

const INTEGER = 0x02;
const OCTETS = 0x04;
const OID = 0x06;
const SEQUENCE = 0x30;
const RESPONSE = 0xa2;
const REPORT = 0xa8;

/**
 * What anybody who sees the receiver's answer can make of it without any passphrase: a response of the same message id,
 * without authentication, with the objects that the public MIB names.
 */
export function forgedAnswer(answer: Buffer): Buffer {
  const [, header] = children(contentOf(answer)) as [Buffer, Buffer];
  const [messageId] = children(contentOf(header)) as [Buffer];
  const oids = ["1.3.6.1.2.1.1.3.0", "1.3.6.1.6.3.1.1.4.1.0"];
  for (let i = 1; i <= 14; i++) oids.push(`${MIB_OID}.1.${i}.0`);
  const varbinds = oids.map((oid) => ber(SEQUENCE, ber(OID, oidBytes(oid)), ber(OCTETS)));
  const response = ber(RESPONSE, number(1), number(0), number(0), ber(SEQUENCE, ...varbinds));
  const security = ber(SEQUENCE, ber(OCTETS), number(0), number(0), ber(OCTETS), ber(OCTETS), ber(OCTETS));
  return ber(
    SEQUENCE,
    number(3),
    ber(SEQUENCE, messageId, number(1_000), ber(OCTETS, Buffer.from([0])), number(3)),
    ber(OCTETS, security),
    ber(SEQUENCE, ber(OCTETS), ber(OCTETS), response),
  );
}

/**
 * A report that asks for yet another beginning, of the same message id as the request: it needs no passphrase either.
 * @see RFC 3414 §4 (discovery)
 */
export function forgedReport(request: Buffer): Buffer {
  const [, header] = children(contentOf(request)) as [Buffer, Buffer];
  const [messageId] = children(contentOf(header)) as [Buffer];
  const unknownEngines = ber(SEQUENCE, ber(OID, oidBytes("1.3.6.1.6.3.15.1.1.4.0")), number(1));
  const report = ber(REPORT, number(1), number(0), number(0), ber(SEQUENCE, unknownEngines));
  const engine = ber(OCTETS, Buffer.from("8000000001020304", "hex"));
  const security = ber(SEQUENCE, engine, number(0), number(0), ber(OCTETS), ber(OCTETS), ber(OCTETS));
  return ber(
    SEQUENCE,
    number(3),
    ber(SEQUENCE, messageId, number(1_000), ber(OCTETS, Buffer.from([0])), number(3)),
    ber(OCTETS, security),
    ber(SEQUENCE, engine, ber(OCTETS), report),
  );
}

/** Whether the message is encrypted: of an inform or its answer, and not of a discovery. */
export function isEncrypted(answer: Buffer): boolean {
  const [, header] = children(contentOf(answer)) as [Buffer, Buffer];
  const [, , flags] = children(contentOf(header)) as [Buffer, Buffer, Buffer];
  return ((contentOf(flags)[0] ?? 0) & 3) === 3;
}

function ber(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const number = (value: number): Buffer =>
  ber(INTEGER, Buffer.from([value >> 8, value & 0xff].slice(value < 128 ? 1 : 0)));

function oidBytes(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split(".").map(Number);
  return Buffer.from([first * 40 + second, ...rest.flatMap(base128)]);
}

function base128(value: number): number[] {
  return value < 128 ? [value] : [...base128(value >> 7).map((byte) => byte | 0x80), value & 0x7f];
}

function startOf(bytes: Buffer): number {
  const short = bytes[1] ?? 0;
  return short < 0x80 ? 2 : 2 + (short & 0x7f);
}

function lengthOf(bytes: Buffer): number {
  const start = startOf(bytes);
  return start === 2 ? (bytes[1] ?? 0) : bytes.readUIntBE(2, start - 2);
}

const contentOf = (bytes: Buffer): Buffer => bytes.subarray(startOf(bytes), startOf(bytes) + lengthOf(bytes));

function children(content: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let rest = content; rest.length > 0;) {
    const end = startOf(rest) + lengthOf(rest);
    found.push(rest.subarray(0, end));
    rest = rest.subarray(end);
  }
  return found;
}

import forge from "node-forge";

export type Der = forge.asn1.Asn1;

const { asn1 } = forge;
/** The types know universal tags alone; a context's own are plain numbers. */
const tagged: (tagClass: forge.asn1.Class, tag: number, constructed: boolean, content: Der[] | string) => Der =
  asn1.create;

export function sequence(...members: readonly Der[]): Der {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [...members]);
}

export function set(...members: readonly Der[]): Der {
  return asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SET, true, [...members]);
}

export function objectId(dotted: string): Der {
  return primitive(asn1.Type.OID, asn1.oidToDer(dotted).getBytes());
}

export function integer(bytes: Uint8Array): Der {
  return primitive(asn1.Type.INTEGER, octets(bytes));
}

export function boolean(value: boolean): Der {
  return primitive(asn1.Type.BOOLEAN, value ? "\u00ff" : "\0");
}

export function utf8(text: string): Der {
  return primitive(asn1.Type.UTF8, forge.util.encodeUtf8(text));
}

/** Good until the end of 2049, as UTCTime is. */
export function utcTime(unixMs: number): Der {
  return primitive(asn1.Type.UTCTIME, asn1.dateToUtcTime(new Date(unixMs)));
}

export function octetString(bytes: Uint8Array): Der {
  return primitive(asn1.Type.OCTETSTRING, octets(bytes));
}

/** @param unusedBits at the end of the last byte */
export function bitString(bytes: Uint8Array, unusedBits = 0): Der {
  return primitive(asn1.Type.BITSTRING, String.fromCharCode(unusedBits) + octets(bytes));
}

/** [tag] around a whole value. */
export function explicit(tag: number, member: Der): Der {
  return tagged(asn1.Class.CONTEXT_SPECIFIC, tag, true, [member]);
}

/** [tag] in place of the value's own. */
export function implicit(tag: number, content: Uint8Array): Der {
  return tagged(asn1.Class.CONTEXT_SPECIFIC, tag, false, octets(content));
}

export function derOf(value: Der): Uint8Array {
  return Uint8Array.from(Buffer.from(asn1.toDer(value).getBytes(), "latin1"));
}

/** A value that something else encoded. Only ever our own keys: forge is no judge of foreign bytes. */
export function fromOwnDer(der: Uint8Array): Der {
  return asn1.fromDer(octets(der));
}

function primitive(type: forge.asn1.Type, content: string): Der {
  return asn1.create(asn1.Class.UNIVERSAL, type, false, content);
}

/** forge's strings hold a byte a character. */
function octets(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

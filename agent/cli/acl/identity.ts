import { X509Certificate } from "node:crypto";

/** Names that access files can say: no control characters, and none that is a wildcard or a level of its own. */
const NAME = /^[^\p{Cc}+#/]{1,256}$/u;

export function isAclName(name: string): boolean {
  return NAME.test(name) && name.trim() === name;
}

/** The common name of a PEM certificate, which brokers take for a user name; undefined where it has none, or several, or does not read. */
export function commonNameOf(pem: string): string | undefined {
  try {
    // `subject` is escaped text; here the name is as it stands, and several are a list
    const name: unknown = new X509Certificate(pem).toLegacyObject().subject.CN;
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}

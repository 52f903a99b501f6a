import { generateKeyPairSync } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { DEMO_ORGANISATION } from "../../agent/process/tls-material.ts";
import type { TlsMaterial } from "../../hal/tls.ts";
import { issueCertificate } from "./certificate.ts";
import type { Name } from "./certificate.ts";
import type { Der } from "./der.ts";
import { basicConstraints, extendedKeyUsage, keyUsage, subjectAltName } from "./extension.ts";

const DAY_MS = 86_400_000;
const VALID_DAYS = 7;
/** clocks of two machines differ */
const BACKDATED_MS = 3_600_000;

export interface DemoPki {
  /** PEM, the only anchor */
  readonly ca: string;
  /** @param hosts names and addresses, the first one its common name */
  broker(...hosts: readonly [string, ...string[]]): TlsMaterial;
  gateway(commonName: string): TlsMaterial;
  observer(commonName: string): TlsMaterial;
}

export interface DemoPkiOptions {
  /** Default: {@link DEMO_ORGANISATION}. Tests of what is not a demo name another. */
  readonly organisation?: string;
  /**
   * Default: an hour ago to in seven days. OpenSSL compares it with the machine's real clock whatever time a simulation
   * thinks it is, so make a PKI before virtual globals are installed, or say when.
   */
  readonly validity?: { readonly fromMs: number; readonly toMs: number };
}

/** A fresh certificate authority on P-256, which never leaves memory, and what it vouches for. For demo and tests only. */
export function demoPki(options: DemoPkiOptions = {}): DemoPki {
  const nowMs = Date.now();
  const validity = options.validity ?? { fromMs: nowMs - BACKDATED_MS, toMs: nowMs + VALID_DAYS * DAY_MS };
  const organisation = options.organisation ?? DEMO_ORGANISATION;
  const name: Name = { commonName: "Demo CA", organisation };
  const issuer = { name, ...newKey() };
  const ca = issueCertificate({
    subject: name,
    publicKey: issuer.publicKey,
    issuer,
    validity,
    extensions: [basicConstraints(true), keyUsage("keyCertSign", "crlSign")],
  });

  function issue(commonName: string, ...purpose: readonly Der[]): TlsMaterial {
    const { publicKey, privateKey } = newKey();
    const certificate = issueCertificate({
      subject: { commonName, organisation },
      publicKey,
      issuer,
      validity,
      extensions: [basicConstraints(false), keyUsage("digitalSignature"), ...purpose],
    });
    return { anchors: ca, certificate, key: privateKey.export({ format: "pem", type: "pkcs8" }).toString() };
  }

  const client = (role: string, commonName: string): TlsMaterial =>
    issue(commonName, extendedKeyUsage("clientAuth"), subjectAltName(`urn:holdfast:demo:${role}`));
  return {
    ca,
    broker: (...hosts) => issue(hosts[0], extendedKeyUsage("serverAuth"), subjectAltName(...hosts)),
    gateway: (commonName) => client("gateway", commonName),
    observer: (commonName) => client("observer", commonName),
  };
}

function newKey(): KeyPairKeyObjectResult {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

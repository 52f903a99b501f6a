import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { HalError } from "../../hal/error.ts";
import type { TlsMaterial } from "../../hal/tls.ts";
import type { BrokerSnapshot } from "../config/snapshot.ts";

/** What every certificate of the demo's own PKI names as its organisation. */
export const DEMO_ORGANISATION = "Holdfast demo";
/** No PEM file of a gateway comes near it. */
const PEM_BYTES_MAX = 1024 * 1024;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * The broker connection's own certificate, key and anchors. Whatever the demo generated is refused: its keys were made
 * to be looked at.
 * @throws {HalError} `HAL_TLS_MATERIAL`, `HAL_FILE_MISSING`, `HAL_FILE_REFUSED`
 */
export async function readTlsMaterial(broker: BrokerSnapshot): Promise<TlsMaterial> {
  const [anchors, certificate, key] = await Promise.all([
    readPem(broker.anchorsPath, "anchors"),
    readPem(broker.certificatePath, "certificate"),
    readPem(broker.keyPath, "key"),
  ]);
  refuseDemo(anchors, broker.anchorsPath);
  refuseDemo(certificate, broker.certificatePath);
  return { anchors, certificate, key };
}

async function readPem(path: string, what: string): Promise<string> {
  try {
    const text = await readFile(path, "utf8");
    if (text.length > PEM_BYTES_MAX) throw new HalError("HAL_TLS_MATERIAL", `${what} ${path} is over 1 MiB`);
    return text;
  } catch (error) {
    if (error instanceof HalError) throw error;
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const why = missing ? "does not exist" : "cannot be read by this process";
    throw new HalError(
      missing ? "HAL_FILE_MISSING" : "HAL_FILE_REFUSED",
      `uplink.broker.${what}: ${path} ${why}; put the PEM file there or correct the path`,
      { cause: error },
    );
  }
}

function refuseDemo(pem: string, path: string): void {
  const certificates = pem.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) {
    throw new HalError("HAL_TLS_MATERIAL", `${path} holds no PEM certificate`);
  }
  for (const text of certificates) {
    const certificate = parseCertificate(text, path);
    const names = `${certificate.subject}\n${certificate.issuer}`.split("\n");
    if (names.includes(`O=${DEMO_ORGANISATION}`)) {
      throw new HalError(
        "HAL_TLS_MATERIAL",
        `${path} was made by the demo and protects nothing; get a certificate from your site's CA`,
      );
    }
  }
}

function parseCertificate(text: string, path: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw new HalError("HAL_TLS_MATERIAL", `${path} holds a certificate that does not parse`, { cause: error });
  }
}

import { X509Certificate } from "node:crypto";
import { HalError } from "../../hal/error.ts";
import type { BrokerSnapshot } from "../config/snapshot.ts";
import type { BrokerMaterial } from "../uplink/credentials.ts";
import { readNamedFile, readPasswordFile, readSecretFile } from "./secret-file.ts";

/** What every certificate of the demo's own PKI names as its organisation. */
export const DEMO_ORGANISATION = "Holdfast demo";
/** No PEM file of a gateway comes near it. */
export const PEM_BYTES_MAX = 1024 * 1024;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * The broker connection's own certificate, key, anchors and passwords. Whatever the demo generated is refused: its keys
 * were made to be looked at.
 * @throws {HalError} `HAL_TLS_MATERIAL`, `HAL_FILE_MISSING`, `HAL_FILE_REFUSED`
 */
export async function readTlsMaterial(broker: BrokerSnapshot): Promise<BrokerMaterial> {
  const { passwordPath, proxy } = broker;
  const [anchors, certificate, key, password, proxyPassword] = await Promise.all([
    readNamedFile({ key: "uplink.broker.anchors", path: broker.anchorsPath }, PEM_BYTES_MAX),
    readNamedFile({ key: "uplink.broker.certificate", path: broker.certificatePath }, PEM_BYTES_MAX),
    readSecretFile({ key: "uplink.broker.key", path: broker.keyPath }, PEM_BYTES_MAX),
    passwordAt("uplink.broker.passwordFile", passwordPath),
    passwordAt("uplink.broker.proxy.passwordFile", proxy?.passwordPath),
  ]);
  refuseDemo(anchors, broker.anchorsPath);
  refuseDemo(certificate, broker.certificatePath);
  return {
    anchors,
    certificate,
    key,
    ...(password === undefined ? {} : { password }),
    ...(proxyPassword === undefined ? {} : { proxyPassword }),
  };
}

function passwordAt(key: string, path: string | undefined): Promise<string | undefined> {
  return path === undefined ? Promise.resolve(undefined) : readPasswordFile({ key, path });
}

/** @throws {HalError} `HAL_TLS_MATERIAL` */
export function refuseDemo(pem: string, path: string): void {
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

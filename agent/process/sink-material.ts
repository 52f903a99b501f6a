import type { AlarmSinkSnapshot, SyslogReceiver, WebhookReceiver } from "../config/snapshot/notify.ts";
import type { SinkMaterial } from "../uplink/notify/material.ts";
import { readNamedFile, readPasswordFile, readSecretFile } from "./secret-file.ts";
import { PEM_BYTES_MAX, refuseDemo } from "./tls-material.ts";

/**
 * What one receiver of alarms is reached with. Whatever the demo generated is refused, as for the broker.
 * @throws {HalError} `HAL_TLS_MATERIAL`, `HAL_FILE_MISSING`, `HAL_FILE_REFUSED`
 */
export async function readSinkMaterial(sink: AlarmSinkSnapshot): Promise<SinkMaterial> {
  const material = await readSinkFiles(sink);
  const { receiver } = sink;
  if (receiver.kind === "snmp") return material;
  if (material.anchors !== undefined) refuseDemo(material.anchors, receiver.anchorsPath);
  if (material.certificate !== undefined) refuseDemo(material.certificate, receiver.certificatePath ?? "");
  return material;
}

/** The same, whoever issued it. */
export async function readSinkFiles({ name, receiver }: AlarmSinkSnapshot): Promise<SinkMaterial> {
  const key = (part: string): string => `notify ${name}: ${receiver.kind}.${part}`;
  switch (receiver.kind) {
    case "syslog":
      return readTls(receiver, key);
    case "snmp": {
      const { authenticationPath, privacyPath } = receiver;
      const [authentication, privacy] = await Promise.all([
        readPasswordFile({ key: key("authenticationFile"), path: authenticationPath }),
        readPasswordFile({ key: key("privacyFile"), path: privacyPath }),
      ]);
      return { authentication, privacy };
    }
    case "webhook": {
      const tls = await readTls(receiver, key);
      const { tokenPath } = receiver;
      if (tokenPath === undefined) return tls;
      return { ...tls, token: await readPasswordFile({ key: key("tokenFile"), path: tokenPath }) };
    }
  }
}

async function readTls(
  { anchorsPath, certificatePath, keyPath }: SyslogReceiver | WebhookReceiver,
  key: (part: string) => string,
): Promise<SinkMaterial> {
  const anchors = await readNamedFile({ key: key("anchors"), path: anchorsPath }, PEM_BYTES_MAX);
  if (certificatePath === undefined || keyPath === undefined) return { anchors };
  return {
    anchors,
    certificate: await readNamedFile({ key: key("certificate"), path: certificatePath }, PEM_BYTES_MAX),
    key: await readSecretFile({ key: key("key"), path: keyPath }, PEM_BYTES_MAX),
  };
}

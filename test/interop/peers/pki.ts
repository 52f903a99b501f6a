import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TlsMaterial } from "../../../hal/tls.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";
import type { Credentials } from "./mosquitto.ts";

/** Not the demo's: `holdfast run` refuses that one. */
const ORGANISATION = "Holdfast tests";

export interface SiteParty extends Credentials {
  readonly material: TlsMaterial;
}

/** A site's own PKI, as PEM files below one folder. */
export interface Site {
  readonly anchorsPath: string;
  broker(...hosts: readonly [string, ...string[]]): Promise<SiteParty>;
  client(commonName: string): Promise<SiteParty>;
}

/** @param name of the files, where a folder holds several sites */
export async function sitePki(folder: string, name = "site", organisation = ORGANISATION): Promise<Site> {
  const pki = demoPki({ organisation });
  const anchorsPath = join(folder, `${name}-ca.pem`);
  await writeFile(anchorsPath, pki.ca);
  const write = async (material: TlsMaterial, party: string): Promise<SiteParty> => {
    const certificatePath = join(folder, `${name}-${party}.pem`);
    const keyPath = join(folder, `${name}-${party}.key`);
    await writeFile(certificatePath, material.certificate);
    await writeFile(keyPath, material.key, { mode: 0o600 });
    return { anchorsPath, certificatePath, keyPath, material };
  };
  return {
    anchorsPath,
    broker: (...hosts) => write(pki.broker(...hosts), "broker"),
    client: (commonName) => write(pki.gateway(commonName), commonName),
  };
}

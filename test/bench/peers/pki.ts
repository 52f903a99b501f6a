import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsMaterial } from "../../../hal/tls.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";
import { GATEWAY, OBSERVER } from "./identities.ts";

/** Where the PEM files of one identity lie. */
export interface PemPaths {
  readonly anchors: string;
  readonly certificate: string;
  readonly key: string;
}

export interface BenchPki {
  readonly broker: PemPaths;
  readonly gateway: PemPaths;
  readonly observer: PemPaths;
}

/** Certificates of an organisation that is not the demo's, which `holdfast run` would refuse. */
export function writePki(folder: string): BenchPki {
  const pki = demoPki({ organisation: "Holdfast bench" });
  mkdirSync(folder, { recursive: true });
  return {
    broker: write(folder, "broker", pki.broker("127.0.0.1", "localhost")),
    gateway: write(folder, "gateway", pki.gateway(GATEWAY.device)),
    observer: write(folder, "observer", pki.observer(OBSERVER)),
  };
}

function write(folder: string, name: string, material: TlsMaterial): PemPaths {
  const put = (what: string, text: string): string => {
    const path = join(folder, `${name}-${what}.pem`);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  return {
    anchors: put("anchors", material.anchors),
    certificate: put("certificate", material.certificate),
    key: put("key", material.key),
  };
}

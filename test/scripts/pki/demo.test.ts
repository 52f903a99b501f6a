import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { duplexPair } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ByteStream } from "../../../hal/network.ts";
import type { TlsMaterial } from "../../../hal/tls.ts";
import { acceptTls, connectTls, peerCertificate, tlsContext } from "../../../hal/tls.ts";
import { DEMO_ORGANISATION } from "../../../agent/process/tls-material.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";

const DAY_MS = 86_400_000;
const pki = demoPki();
const broker = pki.broker("broker.test", "localhost", "127.0.0.1", "::1");
const gateway = pki.gateway("gw-1");

async function shake(server: TlsMaterial, client: TlsMaterial, serverName: string) {
  const [near, far] = duplexPair();
  near.once("close", () => far.destroy());
  far.once("close", () => near.destroy());
  const { signal } = new AbortController();
  const accepted = acceptTls(far, { context: tlsContext(server) }, signal);
  const connected = connectTls(near, { context: tlsContext(client), serverName }, signal);
  const results = await Promise.allSettled([accepted, connected]);
  return results.map((result) =>
    result.status === "fulfilled" ? result.value : (result.reason as { code: string }).code,
  );
}

test("every certificate is v3 for its one purpose and says it is a demo's", () => {
  const ca = new X509Certificate(pki.ca);
  expect([ca.ca, ca.verify(ca.publicKey)]).toEqual([true, true]);
  for (const { certificate } of [broker, gateway, pki.observer("panel")]) {
    const x509 = new X509Certificate(certificate);
    expect([x509.ca, x509.checkIssued(ca), x509.verify(ca.publicKey)]).toEqual([false, true, true]);
    expect(x509.subject).toContain(`O=${DEMO_ORGANISATION}`);
    expect(Date.parse(x509.validTo) - Date.now()).toBeLessThan(7 * DAY_MS + 1_000);
  }
  const x509 = new X509Certificate(broker.certificate);
  expect(x509.checkHost("broker.test")).toBe("broker.test");
  expect(x509.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(x509.checkIP("::1")).toBe("::1");
  expect(x509.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(new X509Certificate(gateway.certificate).keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
});

test("OpenSSL agrees, strictly", () => {
  const folder = mkdtempSync(join(tmpdir(), "pki-"));
  try {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const ca = file("ca.pem", pki.ca);
    for (const [purpose, { certificate }] of [
      ["sslserver", broker],
      ["sslclient", gateway],
    ] as const) {
      const leaf = file(`${purpose}.pem`, certificate);
      const verdict = execFileSync("openssl", ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", ca, leaf]);
      expect(verdict.toString()).toContain(": OK");
    }
    const text = execFileSync("openssl", ["x509", "-noout", "-text", "-in", join(folder, "sslserver.pem")]).toString();
    for (const extension of ["Subject Key Identifier", "Authority Key Identifier", "Digital Signature", "CA:FALSE"]) {
      expect(text).toContain(extension);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("both sides of a TLS 1.3 handshake accept each other", async () => {
  const [accepted, connected] = await shake(broker, gateway, "localhost");
  const peer = peerCertificate(accepted as ByteStream)?.subject;
  expect(peer).toContain("CN=gw-1");
  (connected as ByteStream).destroy();
  (accepted as ByteStream).destroy();
});

test("another authority, another host and the wrong purpose are refused", async () => {
  expect((await shake(broker, { ...gateway, anchors: demoPki().ca }, "localhost"))[1]).toBe("HAL_TLS_UNTRUSTED");
  expect((await shake(broker, gateway, "elsewhere.test"))[1]).toBe("HAL_TLS_UNTRUSTED");
  expect((await shake(gateway, gateway, "localhost"))[1]).toBe("HAL_TLS_UNTRUSTED");
  const { certificate, key } = demoPki().gateway("gw-1");
  expect((await shake(broker, { ...gateway, certificate, key }, "localhost"))[0]).toBe("HAL_TLS_UNTRUSTED");
  expect((await shake(broker, broker, "localhost"))[0]).toBe("HAL_TLS_UNTRUSTED");
});

test("an expired certificate is refused", async () => {
  const nowMs = Date.now();
  const old = demoPki({ validity: { fromMs: nowMs - 2 * DAY_MS, toMs: nowMs - DAY_MS } });
  expect((await shake(old.broker("localhost"), old.gateway("gw-1"), "localhost"))[1]).toBe("HAL_TLS_UNTRUSTED");
});

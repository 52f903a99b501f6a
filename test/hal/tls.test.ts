import { spawn, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { acceptTls, connectTls, tlsContext } from "../../hal/tls.ts";
import { virtualClock } from "../../simulator/clock.ts";
import { memoryNetwork } from "../../simulator/network.ts";
import { useFolder } from "./folder.ts";
import { testPki } from "./pki.ts";
import { really } from "./real-time.ts";

const pki = testPki();

test.each([
  ["no anchor", { ...pki.client, anchors: "" }],
  ["an anchor that is no certificate", { ...pki.client, anchors: pki.client.key }],
  [
    "an anchor that does not parse",
    { ...pki.client, anchors: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
  ],
  ["no certificate", { ...pki.client, certificate: "" }],
  ["a key that is another certificate's", { ...pki.client, key: pki.server.key }],
  ["a key that does not parse", { ...pki.client, key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" }],
  ["no key", { ...pki.client, key: "" }],
])("%s is material that cannot be used, and no text of it is in the error", (_what, material) => {
  let caught: unknown;
  try {
    tlsContext(material);
  } catch (error) {
    caught = error;
  }
  expect(caught).toMatchObject({ code: "HAL_TLS_MATERIAL" });
  const secret = pki.client.key.split("\n")[1] ?? "";
  expect((caught as Error).message).not.toContain(secret);
});

test("an environment that turns verification off for everyone else does not turn it off here", async () => {
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  try {
    const network = memoryNetwork(virtualClock());
    const never = new AbortController().signal;
    const target = { kind: "tcp", host: "127.0.0.1", port: 8883 } as const;
    await using _listener = await network.listen(target, (stream) => {
      acceptTls(stream, { context: tlsContext(pki.server) }, never).catch(() => {});
    });
    const near = await network.connect(target, never);
    const context = tlsContext({ ...pki.client, anchors: pki.stranger.anchors });
    await expect(connectTls(near, { context, serverName: "localhost" }, never)).rejects.toMatchObject({
      code: "HAL_TLS_UNTRUSTED",
    });
  } finally {
    delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  }
});

test("OpenSSL's own server, which judges certificates itself, refuses a stranger with a coded error", async ({
  skip,
}) => {
  if (spawnSync("openssl", ["version"]).error !== undefined) skip("openssl is not installed");
  const never = new AbortController().signal;
  await useFolder(async (folder) => {
    await writeFile(join(folder, "server.pem"), pki.server.certificate + pki.server.key, { mode: 0o600 });
    await writeFile(join(folder, "ca.pem"), pki.server.anchors);
    const flags = ["-cert", "server.pem", "-CAfile", "ca.pem", "-Verify", "1", "-verify_return_error"];
    const child = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", "-naccept", "1", ...flags], { cwd: folder });
    try {
      let said = "";
      child.stdout.on("data", (chunk: Buffer) => void (said += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => void (said += chunk.toString()));
      await really(() => /ACCEPT \S+:(\d+)/.test(said) || child.exitCode !== null);
      const port = Number(/ACCEPT \S+:(\d+)/.exec(said)?.[1]);
      const near = await linuxNetwork().connect({ kind: "tcp", host: "127.0.0.1", port }, never);
      const context = tlsContext({ ...pki.stranger, anchors: pki.server.anchors });
      const stream = await connectTls(near, { context, serverName: "localhost" }, never);
      const error = await new Promise((resolve) => stream.once("error", resolve));
      expect(error).toMatchObject({ code: "HAL_TLS_REFUSED" });
    } finally {
      child.kill("SIGKILL");
    }
  });
});

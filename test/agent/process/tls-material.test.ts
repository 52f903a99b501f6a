import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BrokerSnapshot } from "../../../agent/config/snapshot.ts";
import { readTlsMaterial } from "../../../agent/process/tls-material.ts";
import type { TlsMaterial } from "../../../hal/tls.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";
import { tempFolder } from "../../interop/peers/temp-folder.ts";

const NOBODY = 65_534;
const demo = demoPki().gateway("gw-1");
const site = demoPki({ organisation: "Riverside Water" }).gateway("gw-1");

test("what a site's own authority issued is read as it is", async () => {
  await using files = await onDisk(site);
  expect(await readTlsMaterial(files.broker)).toEqual(site);
});

test.each<[string, TlsMaterial, string]>([
  ["its certificate", { ...site, certificate: demo.certificate, key: demo.key }, "certificate.pem"],
  ["its authority among the anchors", { ...site, anchors: `${site.anchors}\n${demo.anchors}` }, "anchors.pem"],
  [
    "its authority behind our certificate",
    { ...site, certificate: `${site.certificate}${demo.anchors}` },
    "certificate.pem",
  ],
])("nothing the demo made is accepted: %s", async (_what, material, file) => {
  await using files = await onDisk(material);
  await expect(readTlsMaterial(files.broker)).rejects.toMatchObject({
    code: "HAL_TLS_MATERIAL",
    message: expect.stringMatching(new RegExp(`${file} was made by the demo`)),
  });
});

test.each<[string, Partial<TlsMaterial>, string, RegExp]>([
  ["a file without a certificate", { anchors: "hello" }, "HAL_TLS_MATERIAL", /anchors\.pem holds no PEM certificate/],
  [
    "a certificate that does not parse",
    { certificate: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
    "HAL_TLS_MATERIAL",
    /certificate\.pem holds a certificate that does not parse/,
  ],
  ["a file beyond reason", { key: "x".repeat(1024 * 1024 + 1) }, "HAL_TLS_MATERIAL", /key\.pem is over 1048576 bytes/],
])("%s is refused by its path, and nothing of it is quoted", async (_what, broken, code, message) => {
  await using files = await onDisk({ ...site, ...broken });
  await expect(readTlsMaterial(files.broker)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test("a key that belongs to somebody else is refused with the command that shares it", async () => {
  await using files = await onDisk(site);
  await chmod(files.folder, 0o711);
  await chmod(files.broker.keyPath, 0o000);
  using _user = asNobody();
  const path = files.broker.keyPath;
  await expect(readTlsMaterial(files.broker)).rejects.toMatchObject({
    code: "HAL_FILE_REFUSED",
    message: expect.stringContaining(
      `${path} cannot be read by this process; run: chgrp ${process.getgid?.()} ${path}`,
    ),
  });
});

test("a file that is missing, or that nobody can read, is named with its key in the configuration", async () => {
  await using files = await onDisk(site);
  const missing = { ...files.broker, keyPath: join(files.folder, "none.key") };
  await expect(readTlsMaterial(missing)).rejects.toMatchObject({
    code: "HAL_FILE_MISSING",
    message: expect.stringContaining("uplink.broker.key: "),
  });
  const folder = { ...files.broker, anchorsPath: join(files.folder, "folder") };
  await mkdir(folder.anchorsPath);
  await expect(readTlsMaterial(folder)).rejects.toMatchObject({
    code: "HAL_FILE_REFUSED",
    message: expect.stringContaining("uplink.broker.anchors: "),
  });
});

test("a key or a password that everyone on the machine can read is refused with the command that mends it", async () => {
  await using files = await onDisk(site);
  const passwordPath = join(files.folder, "password");
  await writeFile(passwordPath, "river\n", { mode: 0o640 });
  const broker = { ...files.broker, passwordPath };
  expect(await readTlsMaterial(broker)).toMatchObject({ password: "river" });
  for (const path of [passwordPath, broker.keyPath]) {
    await chmod(path, 0o604);
    await expect(readTlsMaterial(broker)).rejects.toMatchObject({
      code: "HAL_FILE_REFUSED",
      message: expect.stringContaining(`run: chmod o-rwx ${path}`),
    });
    await chmod(path, 0o600);
  }
});

test("a password is the first line of its file; the broker's and the proxy's are told apart", async () => {
  await using files = await onDisk(site);
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(files.folder, name), text, { mode: 0o600 });
    return join(files.folder, name);
  };
  const proxy = { host: "proxy.test", port: 3128, passwordPath: await write("proxy", "two words\r\nnot this\r\n") };
  const broker = { ...files.broker, passwordPath: await write("broker", " with its blanks "), proxy };
  expect(await readTlsMaterial(broker)).toMatchObject({ password: " with its blanks ", proxyPassword: "two words" });
  const empty = { ...files.broker, passwordPath: await write("empty", "\nsecond line") };
  await expect(readTlsMaterial(empty)).rejects.toMatchObject({
    code: "HAL_TLS_MATERIAL",
    message: expect.stringContaining("uplink.broker.passwordFile: the first line"),
  });
  const long = { ...files.broker, proxy: { ...proxy, passwordPath: await write("long", "x".repeat(5_000)) } };
  await expect(readTlsMaterial(long)).rejects.toMatchObject({
    message: expect.stringContaining("uplink.broker.proxy.passwordFile"),
  });
});

async function onDisk({ anchors, certificate, key }: TlsMaterial) {
  const folder = await tempFolder();
  const texts = { anchors, certificate, key };
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(join(folder.path, `${name}.pem`), text, { mode: name === "key" ? 0o600 : 0o644 });
  }
  const path = (name: keyof typeof texts): string => join(folder.path, `${name}.pem`);
  const paths = { anchorsPath: path("anchors"), certificatePath: path("certificate"), keyPath: path("key") };
  return {
    folder: folder.path,
    broker: paths as unknown as BrokerSnapshot,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Root may read everything, whatever the mode. */
function asNobody(): Disposable {
  const before = process.geteuid?.() ?? NOBODY;
  if (before === 0) process.seteuid?.(NOBODY);
  return { [Symbol.dispose]: () => void (before === 0 && process.seteuid?.(before)) };
}

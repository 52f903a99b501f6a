import { spawnSync } from "node:child_process";
import { chmod, link, lstat, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { linuxNetwork } from "../../../hal/linux/network.ts";
import type { ByteStream, Network } from "../../../hal/network.ts";
import { really, turns } from "../real-time.ts";
import { silentAddress } from "./silent-address.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const LOOPBACK = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
const never = new AbortController().signal;
const network = linuxNetwork();
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "net-"));
  path = join(folder, "pair.sock");
});
afterEach(() => rm(folder, { recursive: true }));

/** What a killed process leaves: a socket file that nobody listens at. */
async function leaveStaleSocket(): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, "owner.sock"), resolve));
  await link(join(folder, "owner.sock"), path);
  await new Promise((resolve) => server.close(resolve));
}

test("a socket file that a killed process left behind is replaced", async () => {
  await leaveStaleSocket();
  await expect(network.connect({ kind: "unix", path }, never)).rejects.toMatchObject({ code: "HAL_CONNECT_REFUSED" });
  await using _listener = await network.listen({ kind: "unix", path }, () => {});
  (await network.connect({ kind: "unix", path }, never)).destroy();
});

test("what is not a socket is not replaced", async () => {
  await writeFile(path, "somebody's file");
  await expect(network.listen({ kind: "unix", path }, () => {})).rejects.toMatchObject({ code: "HAL_LISTEN_FAILED" });
  expect((await lstat(path)).isFile()).toBe(true);
});

test("a UNIX socket is for its owner and its folder's group, and gone after disposal", async () => {
  const listener = await network.listen({ kind: "unix", path }, () => {});
  expect((await stat(path)).mode & 0o777).toBe(0o660);
  await listener[Symbol.asyncDispose]();
  expect(await readdir(folder)).toEqual([]);
});

test.each([0o755, 0o701, 0o777])("a folder of mode %o that lets everyone in is no identity", async (mode) => {
  const open = join(folder, "open");
  await mkdir(open);
  await chmod(open, mode);
  const target = { kind: "unix", path: join(open, "pair.sock") } as const;
  await expect(network.listen(target, () => {})).rejects.toMatchObject({ code: "HAL_LISTEN_FAILED" });
});

test("a socket that cannot be closed to everybody else is closed to everybody", () => {
  // Node's permission model lets a process listen anywhere, and change modes only where it may write.
  const script = `
    import { linuxNetwork } from "./hal/linux/network.ts";
    const target = { kind: "unix", path: ${JSON.stringify(path)} };
    console.log(await linuxNetwork().listen(target, () => {}).then(() => "listens", (error) => error.code));`;
  const flags = ["--permission", "--allow-fs-read=*", "--input-type=module-typescript", "--eval", script];
  const { stdout, signal } = spawnSync(process.execPath, flags, { cwd: repository, encoding: "utf8", timeout: 5_000 });
  expect([stdout.trim(), signal]).toEqual(["HAL_LISTEN_FAILED", null]);
});

test("a socket path that the kernel would cut off is refused", async () => {
  const long = { kind: "unix", path: join(folder, "x".repeat(108)) } as const;
  await expect(network.listen(long, () => {})).rejects.toMatchObject({ code: "HAL_LISTEN_FAILED" });
  await expect(network.connect(long, never)).rejects.toMatchObject({ code: "HAL_CONNECT_FAILED" });
});

test("a folder that does not exist cannot hold a socket", async () => {
  const target = { kind: "unix", path: join(folder, "none", "pair.sock") } as const;
  await expect(network.listen(target, () => {})).rejects.toMatchObject({ code: "HAL_LISTEN_FAILED" });
});

test("an address that is not ours is not listened at", async () => {
  const documentation = { ...LOOPBACK, host: "192.0.2.1" };
  await expect(network.listen(documentation, () => {})).rejects.toMatchObject({ code: "HAL_LISTEN_FAILED" });
});

test("an unreachable target says so", async () => {
  // The kernel refuses this by itself: a group is no peer.
  const target = { ...LOOPBACK, host: "224.0.0.1", port: 502, interfaceName: "lo" };
  await expect(network.connect(target, never)).rejects.toMatchObject({ code: "HAL_CONNECT_UNREACHABLE" });
});

describe("a name with several addresses", () => {
  /** What a bus gives a connection to come about. */
  const BUS_BUDGET_MS = 1_000;
  const resolving = (...addresses: readonly string[]): Network =>
    linuxNetwork(() => Promise.resolve(addresses.map((address) => ({ address, family: 4 }))));

  test.each([{}, { interfaceName: "lo" }])("reaches its second while the first is silent (%o)", async (by) => {
    await using silent = await silentAddress();
    const { port } = silent;
    const accepted: ByteStream[] = [];
    await using _listener = await network.listen({ ...LOOPBACK, port }, (stream) => void accepted.push(stream));
    const target = { ...LOOPBACK, host: "both.example", port, ...by };
    const budget = AbortSignal.timeout(BUS_BUDGET_MS);
    const stream = (await resolving(silent.host, "127.0.0.1").connect(target, budget)) as Socket;
    expect(stream.remoteAddress).toBe("127.0.0.1");
    await turns();
    stream.destroy();
    expect(accepted.length).toBe(1);
  });

  test("reaches its second at once where the first refuses, and keeps to the first where that answers", async () => {
    await using listener = await network.listen(LOOPBACK, (stream) => stream.end());
    const target = { ...LOOPBACK, host: "both.example", port: listener.port ?? 0 };
    // nothing that needs time to pass would come about
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    using _timers = { [Symbol.dispose]: () => void vi.useRealTimers() };
    for (const addresses of [
      ["127.0.0.2", "127.0.0.1"],
      ["127.0.0.1", "127.0.0.2"],
    ]) {
      const stream = (await resolving(...addresses).connect(target, never)) as Socket;
      expect(stream.remoteAddress).toBe("127.0.0.1");
      stream.destroy();
    }
  });

  test("reaches the one of ten that answers, whether the others refuse or are silent", async () => {
    await using silent = await silentAddress();
    const { port } = silent;
    await using _listener = await network.listen({ ...LOOPBACK, port }, (stream) => stream.end());
    const target = { ...LOOPBACK, host: "ten.example", port };
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    using _timers = { [Symbol.dispose]: () => void vi.useRealTimers() };
    const refusing = Array.from({ length: 9 }, (_, i) => `127.0.0.${i + 3}`);
    const dead = Array.from({ length: 9 }, () => silent.host);
    for (const others of [refusing, dead]) {
      const reached = resolving(...others, "127.0.0.1").connect(target, never);
      await vi.advanceTimersByTimeAsync(9 * 250);
      const stream = (await reached) as Socket;
      expect(stream.remoteAddress).toBe("127.0.0.1");
      stream.destroy();
    }
  });

  test.each([{}, { interfaceName: "lo" }])("leaves out the ones it is told to (%o)", async (by) => {
    const accepted: ByteStream[] = [];
    await using listener = await network.listen(
      { ...LOOPBACK, host: "0.0.0.0" },
      (stream) => void accepted.push(stream),
    );
    const target = { ...LOOPBACK, host: "both.example", port: listener.port ?? 0, ...by };
    const both = resolving("127.0.0.1", "127.0.0.2");
    const stream = await both.connect({ ...target, except: ["127.0.0.1"] }, never);
    expect(stream.remoteAddress).toBe("127.0.0.2");
    stream.destroy();
    const none = both.connect({ ...target, except: ["127.0.0.1", "127.0.0.2"] }, never);
    await expect(none).rejects.toMatchObject({ code: "HAL_NAME_UNRESOLVED" });
    // an address is taken at its word
    (await both.connect({ ...target, host: "127.0.0.1", except: ["127.0.0.1"] }, never)).destroy();
  });

  test("fails once the last of them has, and as soon as it is told to", async () => {
    await using silent = await silentAddress();
    const target = { ...LOOPBACK, host: "both.example", port: silent.port };
    await expect(resolving("127.0.0.3", "127.0.0.4").connect(target, never)).rejects.toMatchObject({
      code: "HAL_CONNECT_REFUSED",
    });
    const abort = new AbortController();
    const waiting = resolving("127.0.0.3", silent.host).connect(target, abort.signal);
    await turns();
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  test("is looked up once, however often it is asked for while nobody answers", async () => {
    let lookups = 0;
    const answer = Promise.withResolvers<{ address: string; family: number }[]>();
    const slow = linuxNetwork(() => {
      lookups++;
      return answer.promise;
    });
    await using listener = await network.listen(LOOPBACK, (stream) => stream.end());
    const target = { ...LOOPBACK, host: "slow.example", port: listener.port ?? 0 };
    const abort = new AbortController();
    const given = slow.connect(target, abort.signal);
    abort.abort(new Error("too long"));
    await expect(given).rejects.toThrow("too long");
    const again = slow.connect(target, never);
    await turns();
    expect(lookups).toBe(1);
    answer.resolve([{ address: "127.0.0.1", family: 4 }]);
    (await again).destroy();
    (await slow.connect(target, never)).destroy();
    expect(lookups).toBe(2);
  });
});

test("a listener on one interface hears nobody who comes to another address", async () => {
  const target = { ...LOOPBACK, host: "0.0.0.0", interfaceName: "lo" };
  await using listener = await network.listen(target, (stream) => stream.end());
  const port = listener.port ?? 0;
  (await network.connect({ ...LOOPBACK, port }, never)).destroy();
  const elsewhere = { ...LOOPBACK, host: "127.0.0.2", port };
  await expect(network.connect(elsewhere, never)).rejects.toMatchObject({ code: "HAL_CONNECT_REFUSED" });
});

test("a connection leaves from the address of the interface it was told to use", async ({ skip }) => {
  const found = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).filter((one) => name !== "lo" && one.family === "IPv4").map(({ address }) => ({ name, address })),
  );
  const [other] = found;
  if (other === undefined) skip("this machine has no network interface but lo");
  const from: (string | undefined)[] = [];
  await using listener = await network.listen(LOOPBACK, (stream) => void from.push((stream as Socket).remoteAddress));
  const target = { ...LOOPBACK, port: listener.port ?? 0 };
  for (const interfaceName of ["lo", other?.name ?? ""]) {
    (await network.connect({ ...target, interfaceName }, never)).destroy();
  }
  await really(() => from.length === 2);
  expect(from).toEqual(["127.0.0.1", other?.address]);
});

test("an interface without an address of the family that is needed says so", async ({ skip }) => {
  const listed = networkInterfaces();
  const bare = (await readdir("/sys/class/net")).find((name) => listed[name] === undefined);
  if (bare === undefined) skip("every network interface of this machine has an address");
  const target = { ...LOOPBACK, port: 502, interfaceName: bare ?? "" };
  await expect(network.connect(target, never)).rejects.toMatchObject({ code: "HAL_INTERFACE_NO_ADDRESS" });
  await expect(network.listen(target, () => {})).rejects.toMatchObject({ code: "HAL_INTERFACE_NO_ADDRESS" });
});

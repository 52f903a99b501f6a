import { expect, test } from "vitest";
import type { ByteStream, TcpTarget } from "../../hal/network.ts";
import { virtualClock } from "../../simulator/clock.ts";
import type { VirtualClock } from "../../simulator/clock.ts";
import { memoryNetwork } from "../../simulator/network.ts";
import type { MemoryNetwork, MemoryNetworkOptions } from "../../simulator/network.ts";

const target: TcpTarget = { kind: "tcp", host: "10.0.0.7", port: 502 };
const never = new AbortController().signal;

interface World {
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly near: ByteStream;
  readonly far: ByteStream;
  /** what the near side heard, with its instant */
  readonly heard: [string, number][];
}

async function connected(options: MemoryNetworkOptions = {}): Promise<World> {
  const clock = virtualClock();
  const network = memoryNetwork(clock, options);
  const accepted: ByteStream[] = [];
  await network.listen(target, (stream) => accepted.push(stream));
  const connecting = network.connect(target, never);
  await clock.advance(2 * (options.latencyMs ?? 0));
  const near = await connecting;
  const heard: [string, number][] = [];
  near.on("data", (chunk: Buffer) => heard.push([chunk.toString(), clock.monotonicMs()]));
  return { clock, network, near, far: accepted[0] as ByteStream, heard };
}

test("what is sent arrives after the latency, each piece after its own", async () => {
  const { clock, far, heard } = await connected({ latencyMs: 15 });
  far.write("a");
  await clock.advance(10);
  far.write("b");
  await clock.advance(100);
  expect(heard).toEqual([
    ["a", 45],
    ["b", 55],
  ]);
});

test("a reader that trusts chunk borders is caught", async () => {
  const { clock, far, heard } = await connected({ segmentBytes: 1 });
  far.write("abc");
  await clock.advance(0);
  expect(heard.map(([chunk]) => chunk)).toEqual(["a", "b", "c"]);
});

test("a black hole swallows without a word, and gives back what it held when it ends", async () => {
  const { clock, network, near, far, heard } = await connected();
  network.blackhole(target.host, target.port);
  far.write("held");
  near.end("also held");
  let arrived = "";
  far.on("data", (chunk: Buffer) => (arrived += chunk.toString()));
  await clock.advance(3_600_000);
  expect([heard, arrived, near.destroyed, far.destroyed]).toEqual([[], "", false, false]);
  network.restore(target.host, target.port);
  await clock.advance(0);
  expect([heard.map(([chunk]) => chunk), arrived]).toEqual([["held"], "also held"]);
  expect([near.destroyed, far.destroyed]).toEqual([true, true]);
});

test("connecting into a black hole lasts until the kernel gives up, or the caller does", async () => {
  const { clock, network } = await connected();
  network.blackhole(target.host, target.port);
  const outcome = network.connect(target, never).catch((error: unknown) => error);
  const abort = new AbortController();
  const impatient = network.connect(target, abort.signal).catch((error: unknown) => error);
  await clock.advance(10_000);
  abort.abort(new Error("enough"));
  expect(await impatient).toMatchObject({ message: "enough" });
  await clock.advance(120_000);
  expect(await outcome).toMatchObject({ code: "HAL_CONNECT_TIMEOUT" });
});

test("refused and unreachable say so while they last, and open connections stay", async () => {
  const { clock, network, near, far, heard } = await connected();
  network.refuse(target.host, target.port);
  await expect(network.connect(target, never)).rejects.toMatchObject({ code: "HAL_CONNECT_REFUSED" });
  network.unreachable(target.host, target.port);
  await expect(network.connect(target, never)).rejects.toMatchObject({ code: "HAL_CONNECT_UNREACHABLE" });
  far.write("still here");
  await clock.advance(0);
  expect(heard).toHaveLength(1);
  network.restore(target.host, target.port);
  (await network.connect(target, never)).destroy();
  near.destroy();
});

test("cutting a connection is an error and the end for both sides, and a new one can be made", async () => {
  const { clock, network, near, far, heard } = await connected();
  const errors: unknown[] = [];
  for (const side of [near, far]) side.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code));
  far.write("lost");
  network.cut(target.host, target.port);
  await clock.advance(0);
  expect([errors, heard]).toEqual([["ECONNRESET", "ECONNRESET"], []]);
  expect([near.destroyed, far.destroyed]).toEqual([true, true]);
  (await network.connect(target, never)).destroy();
});

test("writing to a side that has gone is answered with a reset", async () => {
  const { clock, near, far } = await connected();
  const errors: unknown[] = [];
  far.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code));
  near.destroy();
  far.write("anybody?");
  await clock.advance(0);
  expect(errors).toEqual(["ECONNRESET"]);
});

test("an interface without an address cannot be left by", async () => {
  const network = memoryNetwork(virtualClock(), { interfaces: ["eth0", "eth1"], addressless: ["eth1"] });
  await expect(network.connect({ ...target, interfaceName: "eth1" }, never)).rejects.toMatchObject({
    code: "HAL_INTERFACE_NO_ADDRESS",
  });
  await expect(network.connect({ ...target, interfaceName: "eth0" }, never)).rejects.toMatchObject({
    code: "HAL_CONNECT_REFUSED",
  });
});

test("an interface that goes down takes its connections with it, without a word, and nobody leaves by it", async () => {
  const clock = virtualClock();
  const network = memoryNetwork(clock, { interfaces: ["eth0", "eth1"] });
  const accepted: ByteStream[] = [];
  await network.listen(target, (stream) => accepted.push(stream));
  const by = (interfaceName: string) => network.connect({ ...target, interfaceName }, never);
  const [lost, kept] = [await by("eth0"), await by("eth1")];
  const arrived: string[] = [];
  for (const far of accepted) far.on("data", (chunk: Buffer) => arrived.push(chunk.toString()));
  network.linkDown("eth0");
  expect(network.interfaceAddresses("eth0")).toEqual([]);
  await expect(by("eth0")).rejects.toMatchObject({ code: "HAL_INTERFACE_NO_ADDRESS" });
  lost.write("over eth0");
  kept.write("over eth1");
  await clock.advance(60_000);
  network.linkUp("eth0");
  await clock.advance(60_000);
  expect([arrived, lost.destroyed]).toEqual([["over eth1"], false]);
  (await by("eth0")).destroy();
});

test("a NAT forgets whoever was silent for too long, for ever and without a word", async () => {
  const { clock, network, near, far, heard } = await connected();
  let arrived = "";
  far.on("data", (chunk: Buffer) => (arrived += chunk.toString()));
  network.forgetAfter(40_000);
  near.write("a");
  await clock.advance(39_000);
  far.write("b");
  await clock.advance(39_000);
  near.write("c");
  await clock.advance(41_000);
  near.write("d");
  await clock.advance(0);
  far.write("e");
  await clock.advance(3_600_000);
  expect([arrived, heard.map(([chunk]) => chunk)]).toEqual(["ac", ["b"]]);
  expect([near.destroyed, far.destroyed]).toEqual([false, false]);
  (await network.connect(target, never)).destroy();
});

test("a firewall that fears long beginnings swallows the connection, and lets short ones pass", async () => {
  for (const [first, passes] of [
    ["x".repeat(100), true],
    ["x".repeat(101), false],
  ] as const) {
    const { clock, network, near, far } = await connected();
    let arrived = 0;
    far.on("data", (chunk: Buffer) => (arrived += chunk.length));
    network.dropLongBeginnings(100);
    near.write(first);
    await clock.advance(10);
    near.write("y".repeat(1_000));
    await clock.advance(10);
    expect(arrived).toBe(passes ? first.length + 1_000 : 0);
  }
});

test("listening at every address answers at each of them, and at names that are known", async () => {
  const network = memoryNetwork(virtualClock());
  await using _listener = await network.listen({ ...target, host: "0.0.0.0" }, () => {});
  for (const host of ["127.0.0.1", "localhost", "192.168.1.1"]) {
    (await network.connect({ ...target, host }, never)).destroy();
  }
  await expect(network.connect({ ...target, host: "plc-1" }, never)).rejects.toMatchObject({
    code: "HAL_NAME_UNRESOLVED",
  });
});

import assert from "node:assert/strict";
import type { ByteStream, Listener, Network, NetworkStream, TcpTarget, UnixTarget } from "../../hal/network.ts";
import type { ContractCase } from "./contract.ts";
import { really, turns } from "./real-time.ts";

export interface NetworkUnderTest {
  readonly network: Network;
  /** a path nobody listens at, in a folder that is its own */
  readonly socketPath: string;
}

/** What each case may count on: it is freed whatever happens. */
interface Given extends NetworkUnderTest {
  /** Listens and connects, and gives both ends. */
  join(target: TcpTarget | UnixTarget): Promise<{ near: ByteStream; far: NetworkStream; listener: Listener }>;
}

const LOOPBACK = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
const MEBIBYTE = 1024 * 1024;
const never = (): AbortSignal => new AbortController().signal;

export function networkContract(
  use: (work: (under: NetworkUnderTest) => Promise<void>) => Promise<void>,
): ContractCase[] {
  const contractCase = (name: string, work: (given: Given) => Promise<void>): ContractCase => ({
    name,
    run: () =>
      use(async (under) => {
        await using stack = new AsyncDisposableStack();
        await work({ ...under, join: (target) => joinOver(under.network, stack, target) });
      }),
  });
  const targetsOf = ({ socketPath }: NetworkUnderTest): (TcpTarget | UnixTarget)[] => [
    LOOPBACK,
    { kind: "unix", path: socketPath },
  ];

  return [
    contractCase("bytes arrive in order, both ways, over TCP and UNIX sockets", async (given) => {
      for (const target of targetsOf(given)) {
        const { near, far } = await given.join(target);
        near.write("to the ");
        near.write("device");
        assert.equal(await take(far, 13), "to the device");
        far.write("from it");
        assert.equal(await take(near, 7), "from it");
      }
    }),
    contractCase("an accepted stream says from where it comes", async ({ join }) => {
      const { far } = await join(LOOPBACK);
      assert.equal(far.remoteAddress, "127.0.0.1");
    }),
    contractCase("a sender may reuse its buffer once the write is done", async (given) => {
      const { near, far } = await given.join(LOOPBACK);
      const buffer = Buffer.from("first");
      await new Promise((resolve) => near.write(buffer, resolve));
      buffer.write("later");
      assert.equal(await take(far, 5), "first");
    }),
    contractCase("a sender is held back while nobody reads, and loses nothing", async (given) => {
      for (const target of targetsOf(given)) {
        const { near, far } = await given.join(target);
        for (let i = 0; i < 32; i++) near.write(Buffer.alloc(MEBIBYTE, i));
        await turns();
        assert(near.writableLength > 8 * MEBIBYTE, `${near.writableLength} wait`);
        near.end();
        const chunks = await far.toArray();
        const bytes = Buffer.concat(chunks as Buffer[]);
        assert.equal(bytes.length, 32 * MEBIBYTE);
        for (let i = 0; i < 32; i++) assert.equal(bytes[i * MEBIBYTE + 7], i);
      }
    }),
    contractCase("the end of one side ends the other, and both close", async (given) => {
      for (const target of targetsOf(given)) {
        const { near, far } = await given.join(target);
        const closed = [near, far].map((side) => once(side, "close"));
        near.end("goodbye");
        assert.equal(Buffer.concat((await far.toArray()) as Buffer[]).toString(), "goodbye");
        near.resume();
        await Promise.all(closed);
      }
    }),
    contractCase("destroying one side closes the other", async (given) => {
      const { near, far } = await given.join(LOOPBACK);
      const closed = once(far, "close");
      far.resume();
      near.destroy();
      await closed;
    }),
    contractCase("a broken connection closes a stream that nobody listens to, and that is all", async (given) => {
      const { near, far } = await given.join(LOOPBACK);
      const closed = once(far, "close");
      near.destroy();
      const writing = setInterval(() => far.write("anybody?"), 1);
      await closed.finally(() => clearInterval(writing));
    }),
    contractCase("nobody listening is refused", async ({ network, socketPath }) => {
      const listener = await network.listen(LOOPBACK, () => {});
      const port = listener.port ?? 0;
      await listener[Symbol.asyncDispose]();
      await assert.rejects(network.connect({ ...LOOPBACK, port }, never()), { code: "HAL_CONNECT_REFUSED" });
      const unix = { kind: "unix", path: socketPath } as const;
      await assert.rejects(network.connect(unix, never()), { code: "HAL_CONNECT_REFUSED" });
    }),
    contractCase("a name nobody knows is not resolved", async ({ network }) => {
      const target = { kind: "tcp", host: `${"x".repeat(70)}.invalid`, port: 502 } as const;
      await assert.rejects(network.connect(target, never()), { code: "HAL_NAME_UNRESOLVED" });
    }),
    contractCase("a known name is", async ({ network, join }) => {
      const { listener } = await join(LOOPBACK);
      const near = await network.connect({ ...LOOPBACK, host: "localhost", port: listener.port ?? 0 }, never());
      near.destroy();
    }),
    contractCase("a connection leaves by the interface it was told to", async ({ join }) => {
      const { near, far } = await join({ ...LOOPBACK, interfaceName: "lo" });
      near.write("x");
      assert.equal(await take(far, 1), "x");
    }),
    contractCase("an interface that does not exist is said to be unknown", async ({ network }) => {
      const target = { ...LOOPBACK, port: 502, interfaceName: "nowhere0" };
      await assert.rejects(network.connect(target, never()), { code: "HAL_INTERFACE_UNKNOWN" });
      await assert.rejects(
        network.listen(target, () => {}),
        { code: "HAL_INTERFACE_UNKNOWN" },
      );
    }),
    contractCase("an interface that is up has addresses, and one that does not exist has none", async ({ network }) => {
      assert.notEqual(network.interfaceAddresses("lo")?.length ?? 0, 0);
      assert.deepEqual(network.interfaceAddresses("nowhere0"), []);
    }),
    contractCase(
      "an address in use is not listened at twice, a live UNIX socket no more than a port",
      async (given) => {
        for (const target of targetsOf(given)) {
          const { listener, near, far } = await given.join(target);
          const again = target.kind === "unix" ? target : { ...target, port: listener.port ?? 0 };
          await assert.rejects(
            given.network.listen(again, () => {}),
            { code: "HAL_LISTEN_FAILED" },
          );
          near.write("still here");
          assert.equal(await take(far, 10), "still here");
        }
      },
    ),
    contractCase("disposing a listener destroys what it accepted and frees the address", async (given) => {
      for (const target of targetsOf(given)) {
        const { listener, near } = await given.join(target);
        const closed = once(near, "close");
        near.resume();
        await listener[Symbol.asyncDispose]();
        await listener[Symbol.asyncDispose]();
        await closed;
        await given.join(target.kind === "unix" ? target : { ...target, port: listener.port ?? 0 });
      }
    }),
    contractCase("an aborted attempt rejects with the signal's reason", async ({ network, join }) => {
      const { listener } = await join(LOOPBACK);
      const target = { ...LOOPBACK, port: listener.port ?? 0 };
      const reason = new Error("enough");
      await assert.rejects(network.connect(target, AbortSignal.abort(reason)), reason);
      const abort = new AbortController();
      const attempt = network.connect(target, abort.signal);
      abort.abort(reason);
      await assert.rejects(attempt, reason);
    }),
    contractCase("aborting after the connection is made has no effect", async ({ network }) => {
      const abort = new AbortController();
      const accepted: ByteStream[] = [];
      await using listener = await network.listen(LOOPBACK, (stream) => accepted.push(stream));
      const near = await network.connect({ ...LOOPBACK, port: listener.port ?? 0 }, abort.signal);
      abort.abort();
      await really(() => accepted.length === 1);
      near.write("x");
      assert.equal(await take(accepted[0] as ByteStream, 1), "x");
      near.destroy();
    }),
  ];
}

async function joinOver(
  network: Network,
  stack: AsyncDisposableStack,
  target: TcpTarget | UnixTarget,
): Promise<{ near: ByteStream; far: NetworkStream; listener: Listener }> {
  const accepted = Promise.withResolvers<NetworkStream>();
  const listener = stack.use(await network.listen(target, accepted.resolve));
  const bound = target.kind === "unix" ? target : { ...target, port: listener.port ?? 0 };
  const near = await network.connect(bound, never());
  stack.defer(() => void near.destroy());
  return { near, far: await accepted.promise, listener };
}

/** Reads `count` bytes as text and stops listening. */
async function take(stream: ByteStream, count: number): Promise<string> {
  let taken = Buffer.alloc(0);
  const hear = (chunk: Buffer): void => void (taken = Buffer.concat([taken, chunk]));
  stream.on("data", hear);
  await really(() => taken.length >= count);
  stream.off("data", hear);
  stream.pause();
  return taken.toString();
}

function once(stream: ByteStream, event: string): Promise<void> {
  return new Promise((resolve) => stream.once(event, () => resolve()));
}

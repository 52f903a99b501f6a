import { afterAll, beforeAll, expect, test } from "vitest";
import { afterAttemptAt } from "../../../../agent/uplink/mqtt/reach.ts";
import type { ByteStream } from "../../../../hal/network.ts";
import { demoPki } from "../../../../scripts/pki/demo.ts";
import { openBroker } from "../../../../simulator/broker/index.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import type { VirtualClock } from "../../../../simulator/clock.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";
import { pki, virtualTime, world } from "../world.ts";
import { HOST, PORT, dial } from "./dial.ts";

const clock = virtualClock();
const material = pki.broker(HOST);
const stranger = demoPki().broker(HOST);
const elsewhere = pki.broker("other.test");
const everything = { publish: ["#"], subscribe: ["#"] };
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

/** The last of ten; nothing is right at the others. */
const GOOD = "192.0.2.10";
const WRONG = Array.from({ length: 9 }, (_, i) => `192.0.2.${i + 1}`);

type Place = "dead above TCP" | "hangs up" | "web server" | "another CA" | "another name" | "broker";

/** What answers at each address of the name, and how often it was asked. */
async function site(places: Readonly<Record<string, Place>>, around: VirtualClock = clock) {
  const stack = new AsyncDisposableStack();
  const network = memoryNetwork(around, { names: { [HOST]: Object.keys(places) } });
  const asked: string[] = [];
  const counted = {
    ...network,
    async connect(...args: Parameters<typeof network.connect>) {
      const stream = await network.connect(...args);
      asked.push(stream.remoteAddress ?? "");
      return stream;
    },
  };
  for (const [host, place] of Object.entries(places)) {
    const target = { kind: "tcp", host, port: PORT } as const;
    const answering = ANSWERS[place];
    if (answering !== undefined) {
      stack.use(await network.listen(target, answering));
      continue;
    }
    const shown = place === "another CA" ? stranger : place === "another name" ? elsewhere : material;
    stack.use(await openBroker({ clock: around, network, target, material: shown, access: () => everything }));
  }
  return { network: counted, asked, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const ANSWERS: Partial<Record<Place, (stream: ByteStream) => void>> = {
  "dead above TCP": () => {},
  "hangs up": (stream) => void stream.once("data", () => stream.destroy()),
  "web server": (stream) => void stream.once("data", () => stream.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
};

const nine = (place: Place): Record<string, Place> => ({
  ...Object.fromEntries(WRONG.map((address) => [address, place])),
  [GOOD]: "broker",
});

test.each(["hangs up", "web server", "another CA", "another name"] as const)(
  "the one of ten addresses that works is found in one attempt where the others are each %s",
  async (place) => {
    await using s = await site(nine(place));
    const { connection, begun } = await dial(clock, s.network);
    expect(connection).toBeDefined();
    expect(s.asked).toEqual([...WRONG, GOOD]);
    expect(begun.at(-1)).toBe("mqtt");
  },
);

test("where nothing is right at any address, each is asked once, and what was found is told", async () => {
  await using s = await site({ "192.0.2.1": "another CA", "192.0.2.2": "another name" });
  expect((await dial(clock, s.network)).code).toBe("UPLINK_BROKER_WRONG_NAME");
  expect(s.asked).toEqual(["192.0.2.1", "192.0.2.2"]);
});

test("a stranger's certificate is told of, though the other addresses are refused or silent until the deadline", async () => {
  for (const fault of ["refuse", "blackhole"] as const) {
    await using s = await site({ "192.0.2.1": "another CA", "192.0.2.2": "broker" });
    s.network[fault]("192.0.2.2", PORT);
    expect((await dial(clock, s.network)).code).toBe("UPLINK_BROKER_UNTRUSTED");
  }
});

test("who proved to be the broker is believed, and a proxy is not asked for a refusal twice", async () => {
  await using s = await site({ "192.0.2.1": "broker", "192.0.2.2": "broker" });
  expect((await dial(clock, s.network, { transport: "websocket", path: "/" })).code).toMatch(/^UPLINK_/);
  expect(s.asked).toEqual(["192.0.2.1"]);
  const proxy = { host: HOST, port: PORT };
  await using p = await site({ "192.0.2.1": "web server", "192.0.2.2": "web server" });
  expect((await dial(clock, p.network, { proxy, host: "broker.behind" })).code).toBe("UPLINK_PROXY_REFUSED");
  expect(p.asked).toEqual(["192.0.2.1"]);
});

test("what has one address is asked once in an attempt", async () => {
  await using s = await site({ "192.0.2.1": "another CA" });
  expect((await dial(clock, s.network)).code).toBe("UPLINK_BROKER_UNTRUSTED");
  expect((await dial(clock, s.network, { host: "192.0.2.1" })).code).toBe("UPLINK_BROKER_UNTRUSTED");
  expect(s.asked).toEqual(["192.0.2.1", "192.0.2.1"]);
});

test("an address at which TLS is never answered is left for the others in the next attempt", async () => {
  const names = { [HOST]: ["192.0.2.1", "192.0.2.2", "192.0.2.3"] };
  await using w = await world(clock, {
    network: { names },
    broker: { connectTimeoutMs: 5_000, retryMsMin: 1_000, retryMsMax: 5_000 },
  });
  const access = () => everything;
  for (const host of ["192.0.2.1", "192.0.2.2"]) {
    await w.network.listen({ kind: "tcp", host, port: PORT }, () => {});
  }
  const target = { kind: "tcp", host: "192.0.2.3", port: PORT } as const;
  await using _good = await openBroker({ clock, network: w.network, target, material, access });
  await w.pass(30_000);
  expect(await w.status()).toMatchObject({ state: "online", attempts: 3, tls: { group: "X25519MLKEM768" } });
  w.network.cut("192.0.2.3", PORT);
  await w.pass(10_000);
  expect(await w.status()).toMatchObject({ state: "online", attempts: 4 });
});

test("an address that failed is tried again where the others are silent", async () => {
  await using w = await world(clock, {
    network: { names: { [HOST]: ["192.0.2.1", "192.0.2.2"] } },
    broker: { connectTimeoutMs: 5_000, retryMsMin: 1_000, retryMsMax: 5_000 },
  });
  const target = { kind: "tcp", host: "192.0.2.1", port: PORT } as const;
  w.network.blackhole("192.0.2.2", PORT);
  await using dead = await w.network.listen(target, () => {});
  await w.pass(6_000);
  await dead[Symbol.asyncDispose]();
  const access = () => everything;
  await using _well = await openBroker({ clock, network: w.network, target, material, access });
  await w.pass(20_000);
  expect(await w.status()).toMatchObject({ state: "online" });
});

test("addresses take turns: one that failed waits until all have, and the good one is not among them", () => {
  expect(afterAttemptAt([], ["a"], false)).toEqual(["a"]);
  expect(afterAttemptAt(["a"], ["b"], false)).toEqual(["a", "b"]);
  expect(afterAttemptAt(["a", "b"], ["a"], false)).toEqual(["a"]);
  expect(afterAttemptAt(["a"], ["b", "c"], true)).toEqual(["a", "b"]);
  expect(afterAttemptAt(["a", "b"], [], false)).toEqual([]);
  const many = Array.from({ length: 40 }, (_, i) => `192.0.2.${i}`);
  expect(afterAttemptAt([], many, false)).toEqual(many.slice(-16));
});

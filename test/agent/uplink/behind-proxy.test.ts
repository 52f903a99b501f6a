import { afterAll, beforeAll, expect, test } from "vitest";
import { openBroker } from "../../../simulator/broker/index.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { openProxy } from "../../../simulator/proxy.ts";
import { virtualTime, worldOn } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const PROXY = { host: "proxy.test", port: 3128 } as const;
const behind = () =>
  worldOn((options) => openBroker({ ...options, webSocketPath: "/mqtt" }), clock, {
    broker: { transport: "websocket", path: "/mqtt", proxy: PROXY, retryMsMin: 1_000, retryMsMax: 5_000 },
  });

test("behind a proxy and WebSocket the session is the same, and nothing is lost while the proxy is away or lies", async () => {
  await using w = await behind();
  const proxy = await openProxy({ network: w.network, target: { kind: "tcp", ...PROXY } });
  await w.pass(10_000);
  expect(await w.status()).toMatchObject({ state: "online", tls: { version: "TLSv1.3", group: "X25519MLKEM768" } });
  let value = 0;
  const sample = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i++) {
      w.field.sample("pump", [[0, value++]], clock.wall().unixMs);
      await w.pass(1_000);
    }
  };
  await sample(20);

  w.network.refuse(PROXY.host, PROXY.port);
  w.network.cut(PROXY.host, PROXY.port);
  await sample(20);
  expect((await w.status()).lastFault?.code).toBe("UPLINK_PROXY_AWAY");
  w.network.restore(PROXY.host, PROXY.port);
  await sample(20);
  expect((await w.status()).state).toBe("online");

  proxy.lie("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>pay here</html>", "close");
  w.network.cut(PROXY.host, PROXY.port);
  await sample(20);
  expect((await w.status()).lastFault).toMatchObject({
    code: "UPLINK_PROXY_NO_TUNNEL",
    message: expect.stringContaining("captive portal"),
  });
  proxy.lie(undefined);
  await sample(20);

  await w.pass(10_000);
  expect(w.host.breaches).toEqual([]);
  expect(new Set(w.host.values.map(({ sequence }) => sequence)).size).toBe(value);
  expect(w.field.held()).toBe(0);
});

test("a proxy that wants another authentication costs attempts at the pace of the back-off, and no more", async () => {
  await using w = await behind();
  const proxy = await openProxy({ network: w.network, target: { kind: "tcp", ...PROXY } });
  proxy.lie("HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n", "close");
  await w.pass(120_000);
  expect(await w.status()).toMatchObject({ lastFault: { code: "UPLINK_PROXY_SCHEME" }, connects: 0 });
  expect(proxy.requests.length).toBeGreaterThan(10);
  expect(proxy.requests.length).toBeLessThan(120);
});

test("the same broker without the proxy is another way: it serves while the proxy is away, and is shown apart", async () => {
  await using w = await worldOn(openBroker, clock, { broker: { retryMsMin: 1_000, retryMsMax: 5_000 } });
  await w.pass(1_000);
  const [direct] = w.part.brokers;
  w.keeper.offer("digest-2", { ...w.part, brokers: [{ ...direct, proxy: PROXY }, direct] });
  await w.pass(30_000);
  expect(await w.status()).toMatchObject({
    state: "online",
    broker: "mqtts://broker.test:8883",
    brokers: [
      {
        address: "mqtts://broker.test:8883 through proxy.test:3128",
        state: "away",
        lastFault: { code: "UPLINK_PROXY_AWAY" },
      },
      { address: "mqtts://broker.test:8883", state: "serving" },
    ],
  });
  const [, shown] = (await w.status()).brokers;
  expect(shown?.lastFault).toBeUndefined();
});

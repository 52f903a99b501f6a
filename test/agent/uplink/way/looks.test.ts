import { afterAll, beforeAll, expect, test } from "vitest";
import { demoPki } from "../../../../scripts/pki/demo.ts";
import { openBroker } from "../../../../simulator/broker/index.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { openProxy } from "../../../../simulator/proxy.ts";
import { FIRST, SPARE, openSpare, twoBrokers } from "../spare-broker.ts";
import { virtualTime, world, worldOn } from "../world.ts";

const foreignMaterial = demoPki().broker(FIRST);

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const RETURN_MS = 60_000;
const HOUR_MS = 3_600_000;
const part = { brokers: twoBrokers(), returnMs: RETURN_MS, publishMs: 1_000 };

test("looking at a broker that answers TLS and cannot be trusted costs few bytes, however long it lasts", async () => {
  await using w = await world(clock, { part, brokerMaterial: foreignMaterial });
  await using _spare = await openSpare(w);
  await w.pass(HOUR_MS);
  const before = await w.status();
  expect(before).toMatchObject({ broker: `mqtts://${SPARE}:8883`, connects: 1 });
  expect(before.brokers[0]).toMatchObject({ state: "away", lastFault: { code: "UPLINK_BROKER_UNTRUSTED" } });
  await w.pass(8 * HOUR_MS);
  const { day, connects } = await w.status();
  expect(connects).toBe(1);
  const pings = 8 * 60 * 2 * 24 * 2;
  const looks = (8 * HOUR_MS) / RETURN_MS / 8;
  expect(day.overhead - before.day.overhead).toBeLessThan(pings + 1.3 * looks * 6_000);
});

test("looking at a broker that is away costs next to nothing and goes on at the same pace", async () => {
  await using w = await world(clock, { part });
  await using _spare = await openSpare(w);
  await w.broker.stop();
  await w.pass(8 * HOUR_MS);
  expect((await w.status()).broker).toBe(`mqtts://${SPARE}:8883`);
  await w.broker.start();
  await w.pass(1.25 * RETURN_MS + 2_000);
  expect((await w.status()).broker).toBe(`mqtts://${FIRST}:8883`);
});

test("a better broker behind a proxy and WebSocket is looked at through both", async () => {
  const PROXY = { host: "proxy.test", port: 3128 } as const;
  const [first, spare] = twoBrokers();
  const better = { ...first, transport: "websocket", path: "/mqtt", proxy: PROXY } as const;
  await using w = await worldOn((options) => openBroker({ ...options, webSocketPath: "/mqtt" }), clock, {
    part: { ...part, brokers: [better, spare] },
  });
  await using _spare = await openSpare(w);
  const proxy = await openProxy({ network: w.network, target: { kind: "tcp", ...PROXY } });
  await w.pass(40_000);
  expect((await w.status()).broker).toBe(`wss://${FIRST}:8883/mqtt through ${PROXY.host}:${PROXY.port}`);

  proxy.lie("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>pay here</html>", "close");
  w.network.cut(PROXY.host, PROXY.port);
  await w.pass(10_000);
  const asked = proxy.requests.length;
  await w.pass(5 * RETURN_MS);
  const captive = await w.status();
  expect(captive).toMatchObject({ state: "online", broker: `mqtts://${SPARE}:8883`, connects: 2 });
  expect(captive.brokers[0]?.lastFault?.code).toBe("UPLINK_PROXY_NO_TUNNEL");
  expect(proxy.requests.length).toBeGreaterThan(asked);

  proxy.lie(undefined);
  await w.pass(10 * RETURN_MS);
  expect(await w.status()).toMatchObject({
    state: "online",
    broker: `wss://${FIRST}:8883/mqtt through ${PROXY.host}:${PROXY.port}`,
    connects: 3,
  });
});

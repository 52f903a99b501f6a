import { afterAll, beforeAll, expect, test } from "vitest";
import { demoPki } from "../../../../scripts/pki/demo.ts";
import { openBroker } from "../../../../simulator/broker/index.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";
import { virtualTime } from "../world.ts";
import { HOST, PORT, dial } from "./dial.ts";

const MINUTE_MS = 60_000;
const LASTS_MS = 90 * MINUTE_MS;
// OpenSSL asks the machine's clock, the gateway its own: they agree to the second here
const startMs = Math.floor(Date.now() / 1_000) * 1_000;
const pki = demoPki({ validity: { fromMs: startMs - MINUTE_MS, toMs: startMs + LASTS_MS } });
const material = pki.broker(HOST);
const clock = virtualClock({ startUnixMs: startMs });
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

async function connected() {
  const network = memoryNetwork(clock);
  const target = { kind: "tcp", host: HOST, port: PORT } as const;
  const broker = await openBroker({
    clock,
    network,
    target,
    material,
    access: () => ({ publish: ["#"], subscribe: ["#"] }),
  });
  const { connection } = await dial(clock, network, {}, pki.gateway("gw-1"));
  let why: unknown;
  void connection?.closed.then((error) => (why = error));
  return { broker, connection, why: () => why };
}

test("a session ends with the broker's certificate, on a clock that is trusted", async () => {
  const { broker, connection, why } = await connected();
  expect(connection).toBeDefined();
  await clock.advance(LASTS_MS - MINUTE_MS);
  expect(why()).toBeUndefined();
  await clock.advance(MINUTE_MS + 1_000);
  expect(why()).toMatchObject({ code: "UPLINK_BROKER_EXPIRED" });
  clock.setWall(startMs, "trusted");
  await broker[Symbol.asyncDispose]();
});

test("a clock that nobody vouches for ends no session; once it is trusted it does, within minutes", async () => {
  const { broker, why } = await connected();
  clock.setWall(startMs + 2 * LASTS_MS, "untrusted");
  await clock.advance(LASTS_MS);
  expect(why()).toBeUndefined();
  clock.setWall(startMs + 2 * LASTS_MS, "bounded");
  await clock.advance(20 * MINUTE_MS);
  expect(why()).toBeUndefined();
  clock.setWall(startMs + 2 * LASTS_MS, "trusted");
  await clock.advance(10 * MINUTE_MS);
  expect(why()).toMatchObject({ code: "UPLINK_BROKER_EXPIRED" });
  clock.setWall(startMs, "trusted");
  await broker[Symbol.asyncDispose]();
});

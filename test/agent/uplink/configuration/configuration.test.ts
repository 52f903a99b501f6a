import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../../simulator/clock.ts";
import { virtualTime, world } from "../world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

test("a gateway that loses its connection is declared dead by its Will, with the bdSeq of that birth", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.broker.disconnectClients();
  await w.pass(10_000);
  expect(w.host.verbs("NBIRTH", "NDEATH")).toEqual(["NBIRTH", "NDEATH", "NBIRTH"]);
  const death = w.host.heard.find(({ verb }) => verb === "NDEATH");
  expect(death?.received).toMatchObject({ will: true, qos: 1, retain: false });
  expect(death?.payload.metrics[0]?.value).toBe(BigInt(w.host.births[0]?.bdSeq ?? -1));
  expect(w.host.births[1]?.bdSeq).toBe((w.host.births[0]?.bdSeq ?? 0) + 1);
});

test("bdSeq goes on over restarts and wraps after 255; the last good configuration is enough to start", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  await w.stopUplink();
  await w.keeper[Symbol.asyncDispose]();
  for (let i = 0; i < 257; i++) {
    w.startUplink();
    await w.pass(1_000);
    await w.stopUplink();
  }
  expect(w.host.births.map(({ bdSeq }) => bdSeq)).toEqual([...Array(256).keys(), 0, 1]);
  expect(w.host.breaches).toEqual([]);
});

test("a changed configuration says goodbye and connects anew; the same one again disturbs nothing", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.keeper.offer("digest-2", w.part);
  await w.pass(1_000);
  expect(w.keeper.answers.at(-1)).toEqual({ kind: "configured", digest: "digest-2" });
  expect(w.host.births).toHaveLength(1);
  w.keeper.offer("digest-3", { ...w.part, publishMs: 100 });
  await w.pass(3_000);
  expect(w.host.verbs("NBIRTH", "NDEATH")).toEqual(["NBIRTH", "NDEATH", "NBIRTH"]);
  expect(w.host.heard.find(({ verb }) => verb === "NDEATH")?.received.will).toBe(false);
  expect((await w.status()).configDigest).toBe("digest-3");
  expect(w.host.breaches).toEqual([]);
});

test("a configuration that is none is refused and the running one stays", async () => {
  await using w = await world(clock);
  await w.pass(1_000);
  w.keeper.offer("digest-2", { ...w.part, brokers: [{ ...w.part.brokers[0], port: 0 }] });
  await w.pass(1_000);
  expect(w.keeper.answers.at(-1)).toMatchObject({
    digest: "digest-1",
    refused: { digest: "digest-2", code: "UPLINK_CONFIG_REFUSED" },
  });
  expect(await w.status()).toMatchObject({ state: "online", configDigest: "digest-1" });
  w.disk.failSyncs(1);
  w.keeper.offer("digest-3", { ...w.part, publishMs: 100 });
  await w.pass(1_000);
  expect(w.keeper.answers.at(-1)).toMatchObject({ digest: "digest-1", refused: { code: "UPLINK_STATE_FAILED" } });
});

test("a disk that stores nothing keeps no telemetry back: bdSeq counts on in memory, and the fault is shown", async () => {
  await using w = await world(clock, { unconfigured: true });
  await w.pass(500);
  w.keeper.offer("digest-1", w.part);
  await clock.advanceUntil(() => w.keeper.answers.length > 1, 1_000);
  await w.pass(1_000);
  w.disk.failSyncs(1_000);
  for (let i = 0; i < 3; i++) {
    w.broker.disconnectClients();
    await w.pass(20_000);
  }
  expect(await w.status()).toMatchObject({ state: "online", lastFault: { code: "UPLINK_STATE_FAILED" } });
  const numbers = w.host.births.map(({ bdSeq }) => bdSeq);
  expect(new Set(numbers).size).toBe(4);
  expect(w.host.breaches).toEqual([]);
});

test("without any configuration nothing is connected, and status says so", async () => {
  await using w = await world(clock, { unconfigured: true });
  await w.pass(5_000);
  expect(await w.status()).toMatchObject({ state: "unconfigured", attempts: 0, broker: "" });
  expect(w.keeper.answers).toEqual([{ kind: "configured", digest: "" }]);
});

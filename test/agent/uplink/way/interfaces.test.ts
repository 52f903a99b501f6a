import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../../simulator/clock.ts";
import { virtualTime, world } from "../world.ts";
import type { World, WorldOptions } from "../world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const RETURN_MS = 60_000;
const wired: WorldOptions = {
  network: { interfaces: ["eth0", "wwan0"] },
  part: { interfaceNames: ["eth0", "wwan0"], returnMs: RETURN_MS },
};

async function live(w: World, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    w.field.sample("pump", [[0, i]], clock.wall().unixMs);
    await w.pass(1_000);
  }
}

test("a cable that is pulled moves the session to the other interface in seconds, and back once it is plugged in", async () => {
  await using w = await world(clock, wired);
  await live(w, 40);
  expect(await w.status()).toMatchObject({ state: "online", interfaceName: "eth0" });
  w.network.linkDown("eth0");
  await live(w, 4);
  expect(await w.status()).toMatchObject({
    state: "online",
    interfaceName: "wwan0",
    connects: 2,
    brokers: [{ state: "serving" }],
  });
  w.network.linkUp("eth0");
  await live(w, 1.25 * (RETURN_MS / 1_000) + 2);
  expect(await w.status()).toMatchObject({ state: "online", interfaceName: "eth0", connects: 3 });
  await w.pass(2_000);
  const came = new Set(w.host.values.map(({ sequence }) => sequence));
  expect(Array.from({ length: w.field.lastSequence("pump") + 1 }, (_, i) => i).filter((i) => !came.has(i))).toEqual([]);
  expect(w.field.held()).toBe(0);
});

test("with one interface a pulled cable is said in the status, and the plug is noticed", async () => {
  await using w = await world(clock, {
    ...wired,
    part: { interfaceNames: ["eth0"] },
    broker: { retryMsMin: 1_000, retryMsMax: 10_000 },
  });
  await w.pass(500);
  w.network.linkDown("eth0");
  await w.pass(1_500);
  const status = await w.status();
  expect(status.state).toBe("waiting");
  expect(status.lastFault?.message).toContain("eth0");
  w.network.linkUp("eth0");
  await w.pass(12_000);
  expect(await w.status()).toMatchObject({ state: "online", interfaceName: "eth0" });
});

test("an interface that gets another address is left and taken up again at once, whatever other address it keeps", async () => {
  await using w = await world(clock, { ...wired, part: { ...wired.part, interfaceNames: ["eth0", "wwan0"] } });
  await live(w, 40);
  w.network.readdress("eth0");
  await live(w, 3);
  expect(await w.status()).toMatchObject({
    state: "online",
    interfaceName: "eth0",
    connects: 2,
    lastFault: { code: "UPLINK_INTERFACE_DOWN" },
  });
});

test("an interface that the machine does not have is passed over", async () => {
  await using w = await world(clock, { ...wired, part: { interfaceNames: ["eth7", "wwan0"] } });
  await w.pass(500);
  expect(await w.status()).toMatchObject({ state: "online", interfaceName: "wwan0", attempts: 2 });
});

test("a cable that is plugged in and pulled again and again moves the session no oftener than returns are due", async () => {
  await using w = await world(clock, wired);
  await live(w, 40);
  w.network.linkDown("eth0");
  await live(w, 40);
  const { connects } = await w.status();
  for (let i = 0; i < 120; i++) {
    if (i % 2 === 0) w.network.linkUp("eth0");
    else w.network.linkDown("eth0");
    await live(w, 5);
  }
  // ten minutes, in which at most one return a minute is due: there and back
  expect((await w.status()).connects - connects).toBeLessThanOrEqual(2 * 14);
  w.network.linkUp("eth0");
});

test("a pulled cable is not blamed on silence", async () => {
  await using w = await world(clock, { ...wired, broker: { keepaliveS: 60, keepaliveSMin: 15 } });
  await w.pass(40_000);
  w.network.linkDown("eth0");
  w.field.sample("pump", [[0, 1]], clock.wall().unixMs);
  await live(w, 5);
  w.network.linkUp("eth0");
  await live(w, 1.25 * (RETURN_MS / 1_000) + 2);
  expect(await w.status()).toMatchObject({ interfaceName: "eth0", pingS: 60 });
});

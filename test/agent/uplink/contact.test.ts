import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../../simulator/clock.ts";
import { virtualTime, world } from "./world.ts";
import type { World } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const contacts = (w: World): readonly boolean[] =>
  w.field.heard.filter((message) => message.kind === "uplink-contact").map(({ online }) => online);

test("field hears whether a broker takes telemetry: on connecting, and on every change", async () => {
  await using w = await world(clock);
  await w.pass(2_000);
  expect(contacts(w).at(-1)).toBe(true);
  const before = contacts(w).length;
  w.network.refuse("broker.test", 8883);
  w.broker.disconnectClients();
  await w.pass(5_000);
  expect(contacts(w).slice(before)).toEqual([false]);
  w.network.restore("broker.test", 8883);
  await w.pass(120_000);
  expect(contacts(w).slice(before)).toEqual([false, true]);
  w.field.hangUp();
  await w.pass(2_000);
  expect(contacts(w).slice(before)).toEqual([false, true, true]);
});

test("a new conversation of field is answered after its roster, with false where no broker is there", async () => {
  await using w = await world(clock, { unconfigured: true });
  await w.pass(2_000);
  expect(w.field.heard.map(({ kind }) => kind)).toEqual(["credit", "uplink-contact"]);
  expect(contacts(w)).toEqual([false]);
});

import { expect, test } from "vitest";
import type { UplinkSnapshot } from "../../../../agent/config/snapshot.ts";
import { silentLog } from "../../../../agent/contract/log.ts";
import { openInboxes } from "../../../../agent/uplink/session/inbox.ts";
import { encodePayload } from "../../../../agent/uplink/sparkplug/encode.ts";
import { anyBroker } from "../any-broker.ts";
import { openSession } from "./open-session.ts";

test("without a delay births begin at once", () => {
  const w = openSession(["a"]);
  w.telemetry.rebirth();
  expect(w.verbs()).toEqual(["NBIRTH", "DBIRTH a"]);
  expect(w.telemetry.rebirthPending).toBe(false);
});

test("a delayed rebirth stops data at once, is one however often it is asked for, and comes when its time is over", async () => {
  const w = openSession(["a"], { rebirthDelayMs: ({ device }) => (device === "d" ? 2_000 : 0) });
  w.telemetry.rebirth();
  expect(w.telemetry.rebirthPending).toBe(true);
  w.sample(0, 0);
  for (let i = 0; i < 8; i++) {
    w.telemetry.round();
    await w.clock.advance(249);
    w.telemetry.rebirth();
  }
  expect(w.verbs()).toEqual([]);
  await w.clock.advance(8);
  w.telemetry.round();
  expect(w.verbs()).toEqual(["NBIRTH", "DBIRTH a", "DDATA a"]);
  expect(w.telemetry.rebirthPending).toBe(false);
  w.telemetry.round();
  expect(w.counters.births).toBe(2);
});

test("a rebirth that another one came before, or whose connection is gone, is forgotten", async () => {
  const w = openSession(["a"], { rebirthDelayMs: () => 2_000 });
  w.telemetry.rebirth();
  w.telemetry.brokerClosed();
  w.open();
  expect(w.telemetry.rebirthPending).toBe(false);
  w.telemetry.rebirth();
  w.receive({ ...w.roster, revision: 1, sources: [...w.roster.sources, ...openSession(["b"]).roster.sources] });
  await w.clock.advance(3_000);
  w.telemetry.round();
  expect(w.verbs()).toEqual(["NBIRTH", "DBIRTH a", "DBIRTH b"]);
});

test("another roster while a rebirth is due: what is pending goes after births, and neither before nor never", async () => {
  const w = openSession(["a"], { rebirthDelayMs: () => 2_000 });
  w.telemetry.rebirth();
  w.sample(0, 0);
  w.receive({ ...w.roster, bootId: "boot-2" });
  expect(w.verbs()).toEqual(["NBIRTH", "DBIRTH a", "DDATA a", "NBIRTH", "DBIRTH a"]);
  expect(w.marks.map(({ mark }) => [mark.bootId, mark.sources, mark.gaps])).toEqual([["boot-1", { a: 0 }, []]]);
});

test("who asks while births are on their way is answered by them, and uses up nothing", () => {
  const w = openSession(["a"], { rebirthDelayMs: () => 2_000 });
  const state = { rebirthsRefused: 0, writesRefused: 0, malformedMessages: 0, oversizeMessages: 0 };
  const part: UplinkSnapshot = {
    site: "s",
    device: "d",
    sparkplug: { group: "g", edgeNode: "n" },
    managementPrefix: "holdfast/v1",
    brokers: [anyBroker],
    interfaceNames: [],
    returnMs: 300_000,
    rebirthsPerMinute: 1,
    publishMs: 250,
    budget: { day: {}, month: {} },
  };
  const id = { ...part.sparkplug, site: "s", device: "d", managementPrefix: part.managementPrefix };
  const inboxes = openInboxes({ clock: w.clock, log: silentLog, telemetry: w.telemetry, state }, part, id);
  const command = encodePayload({ timestamp: 1, metrics: [{ name: "Node Control/Rebirth", type: 11, value: true }] });
  for (let i = 0; i < 5; i++) inboxes(anyBroker).message("spBv1.0/g/NCMD/n", command, false);
  expect(state.rebirthsRefused).toBe(0);
});

import { expect, test } from "vitest";
import type { Mark } from "../../../../agent/contract/mqtt.ts";
import { BATCH_VALUES_MAX } from "../../../../agent/contract/telemetry.ts";
import type { FieldToUplink, Roster, UplinkToField } from "../../../../agent/contract/telemetry.ts";
import { GAPS_MAX, WAITING_BYTES_MAX, WINDOW_VALUES_MAX } from "../../../../agent/uplink/session/limits.ts";
import { Telemetry } from "../../../../agent/uplink/session/telemetry.ts";
import { virtualClock } from "../../../../simulator/clock.ts";

test("a socket that takes nothing pauses births and data, and every source has its turn when it takes again", () => {
  const w = session(["a", "b", "c"]);
  w.waitingBytes = WAITING_BYTES_MAX;
  w.telemetry.rebirth();
  for (const source of [0, 1, 2]) w.receive(batch(source, 0, 1));
  w.telemetry.round();
  expect(w.verbs()).toEqual(["NBIRTH"]);
  w.waitingBytes = 0;
  w.telemetry.round();
  expect(w.verbs()).toEqual(["NBIRTH", "DBIRTH", "DBIRTH", "DBIRTH", "DDATA", "DDATA", "DDATA"]);
});

test("a gap said on a connection of field that is gone is not counted as said on the next", () => {
  const w = session(["a"]);
  w.receive({ kind: "gap", source: "a", from: 0, to: 4, reason: "queue-full" });
  w.telemetry.round();
  expect(w.marks.map(({ mark }) => mark.gaps.length)).toEqual([1]);
  const heard: UplinkToField[] = [];
  w.telemetry.fieldClosed();
  w.telemetry.fieldOpened((message) => heard.push(message));
  w.marks[0]?.acknowledge();
  expect(heard).toEqual([]); // field speaks first
  w.receive(w.roster);
  w.receive({ kind: "gap", source: "a", from: 0, to: 4, reason: "queue-full" });
  w.telemetry.round();
  w.marks[1]?.acknowledge();
  expect(heard.filter(({ kind }) => kind === "acknowledged")).toMatchObject([{ gaps: 1 }]);
});

test("more values than there was credit for, and more gaps than can be held, are refused", () => {
  const w = session(["a"]);
  let first = 0;
  for (; first + BATCH_VALUES_MAX <= WINDOW_VALUES_MAX; first += BATCH_VALUES_MAX) {
    expect(w.telemetry.receive(batch(0, first, BATCH_VALUES_MAX))).toBeUndefined();
  }
  expect(w.telemetry.receive(batch(0, first, BATCH_VALUES_MAX))).toContain("credit");
  for (let i = 0; i < GAPS_MAX; i++) {
    expect(w.telemetry.receive({ kind: "gap", source: "a", from: i, to: i, reason: "queue-full" })).toBeUndefined();
  }
  expect(w.telemetry.receive({ kind: "gap", source: "a", from: 0, to: 0, reason: "queue-full" })).toContain("gaps");
});

/** A session that is open, with one point in each of its sources. */
function session(names: readonly string[]) {
  const published: string[] = [];
  const marks: { readonly mark: Mark; readonly acknowledge: () => void }[] = [];
  const counters = { dataMessages: 0, births: 0, writesRefused: 0, marksSent: 0, marksAcknowledged: 0 };
  const telemetry = new Telemetry({
    clock: virtualClock(),
    version: "test",
    counters,
    events: { birthTooLarge() {} },
  });
  const roster: Roster = {
    kind: "roster",
    bootId: "boot-1",
    revision: 0,
    sources: names.map((name) => ({
      name,
      bus: "bus",
      online: true,
      points: [{ name: "p", type: "uint16", output: false, value: null, quality: 1, timeMs: 0 }],
    })),
  };
  const w = {
    telemetry,
    roster,
    marks,
    waitingBytes: 0,
    verbs: () => published.map((topic) => topic.split("/")[2]),
    receive(message: FieldToUplink) {
      const wrong = telemetry.receive(message);
      if (wrong !== undefined) throw new Error(wrong);
    },
  };
  telemetry.fieldOpened(() => {});
  w.receive(roster);
  const wire = {
    packetBytesMax: 262_144,
    allows: () => true,
    waitingBytes: () => w.waitingBytes,
    publish: (topic: string) => void published.push(topic),
    publishAcknowledged(_topic: string, payload: Uint8Array, _retain: boolean, acknowledge: () => void) {
      marks.push({ mark: JSON.parse(Buffer.from(payload).toString("utf8")) as Mark, acknowledge });
    },
  };
  telemetry.brokerOpened(
    { managementPrefix: "holdfast/v1", site: "s", device: "d", group: "g", edgeNode: "n" },
    0,
    wire,
  );
  published.length = 0;
  return w;
}

function batch(source: number, first: number, values: number): FieldToUplink {
  const all = <T>(value: T): T[] => Array.from({ length: values }, () => value);
  const columns = { points: all(0), values: all(7), qualities: all(0), times: all(1) };
  return { kind: "batch", revision: 0, source, first, trust: "trusted", ...columns };
}

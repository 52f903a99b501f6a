import { expect, test } from "vitest";
import { BATCH_VALUES_MAX } from "../../../../agent/contract/telemetry.ts";
import type { UplinkToField } from "../../../../agent/contract/field-uplink.ts";
import { GAPS_MAX, WAITING_BYTES_MAX, WINDOW_VALUES_MAX } from "../../../../agent/uplink/session/limits.ts";
import { batch, openSession } from "./open-session.ts";

test("a socket that takes nothing pauses births and data, and every source has its turn when it takes again", () => {
  const w = openSession(["a", "b", "c"]);
  w.waitingBytes = WAITING_BYTES_MAX;
  w.telemetry.rebirth();
  for (const source of [0, 1, 2]) w.receive(batch(source, 0, 1));
  w.telemetry.round();
  expect(w.verbs()).toEqual(["NBIRTH"]);
  w.waitingBytes = 0;
  w.telemetry.round();
  const of = (verb: string) => ["a", "b", "c"].map((device) => `${verb} ${device}`);
  expect(w.verbs()).toEqual(["NBIRTH", ...of("DBIRTH"), ...of("DDATA")]);
});

test("a gap said on a connection of field that is gone is not counted as said on the next", () => {
  const w = openSession(["a"]);
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
  const w = openSession(["a"]);
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

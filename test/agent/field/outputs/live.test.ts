import { expect, test } from "vitest";
import type { DeclaredOutput } from "../../../../agent/field/outputs/declared.ts";
import { LiveOutputs } from "../../../../agent/field/outputs/live.ts";
import { qualityCode } from "../../../../agent/contract/point.ts";
import { guard } from "./outputs-world.ts";

const REF = "pump/run";
const NOW_MS = 10_000;

/** An output that read so at a time; its read-back counts for 1 s. */
function read(value: boolean | null, takenAtMs: number): DeclaredOutput {
  const state = { value, takenAtMs, quality: qualityCode("ok") };
  const output = { write: "single", guard: guard({ readBackMsMax: 1_000 }) };
  return { ref: REF, state, output } as unknown as DeclaredOutput;
}
const sent = (value: boolean, atMs: number) => ({ value, atMs, unixMs: atMs });
const outputs = (): LiveOutputs => {
  const all = new LiveOutputs();
  all.keep(new Map([[REF, 0]]), 0);
  return all;
};

test("an output is off only where it was read so, lately, and after the last doubt", () => {
  const live = outputs().of(REF);
  expect(live.notOff(read(false, NOW_MS), NOW_MS)).toBeUndefined();
  expect(live.notOff(read(true, NOW_MS), NOW_MS)).toMatch(/is on/);
  expect(live.notOff(read(null, NOW_MS), NOW_MS)).toMatch(/not known/);
  expect(live.notOff(read(false, NOW_MS - 1_001), NOW_MS)).toMatch(/too long ago/);
  live.sending(sent(true, NOW_MS));
  expect(live.notOff(read(false, NOW_MS), NOW_MS)).toMatch(/being switched on/);
  live.sent(true, true, NOW_MS);
  // read in the very instant in which the doubt arose: nobody knows which came first
  expect(live.notOff(read(false, NOW_MS), NOW_MS)).toMatch(/may have been/);
  expect(live.notOff(read(false, NOW_MS + 1), NOW_MS + 1)).toBeUndefined();
});

test("what never left is taken back, unless something was sent after it", () => {
  const live = outputs().of(REF);
  live.sending(sent(false, 1));
  const unsend = live.sending(sent(true, 2));
  unsend();
  expect(live.latest).toMatchObject({ atMs: 1 });
  const late = live.sending(sent(true, 3));
  live.sending(sent(false, 4));
  late();
  expect(live.latest).toMatchObject({ atMs: 4 });
});

test("what is on its way to an output outlives a configuration that does not know it", () => {
  const all = outputs();
  all.of(REF).sending(sent(true, 1));
  all.keep(new Map(), 2);
  expect(all.of(REF).busy).toBe(true);
  all.of(REF).sent(true, false, 3);
  all.keep(new Map(), 4);
  expect(all.of(REF)).toMatchObject({ busy: false, latest: undefined, knownSinceMs: 4 });
});

import { expect, test } from "vitest";
import { openGaps } from "../../../../agent/uplink/session/gaps.ts";
import type { LostRange } from "../../../../agent/uplink/session/gaps.ts";

const fromField = (from: number, to: number): LostRange => ({
  bootId: "boot-1",
  source: "a",
  from,
  to,
  reason: "queue-full",
  fromField: 1,
});
const value = (sequence: number): LostRange => ({
  ...fromField(sequence, sequence),
  reason: "too-large",
  fromField: 0,
});

test("a value that is lost after field has said a later gap counts, and both count once however often they are said", () => {
  const gaps = openGaps();
  for (let i = 0; i < 2; i++) {
    gaps.add(fromField(100, 199));
    gaps.add(value(50));
    gaps.add(value(51));
  }
  expect(gaps.valuesDropped).toBe(102);
});

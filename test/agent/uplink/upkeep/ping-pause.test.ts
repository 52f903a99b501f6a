import { expect, test } from "vitest";
import {
  LONGER_AFTER_MS,
  afterAttempt,
  afterDeath,
  firstPingPause,
  longerPause,
} from "../../../../agent/uplink/upkeep/ping-pause.ts";
import type { PingPause } from "../../../../agent/uplink/upkeep/ping-pause.ts";

const bounds = { keepaliveS: 60, keepaliveSMin: 15 };

/** A connection dies after so long a silence, and the way opens again at once. */
const died = (known: PingPause, silenceS: number): PingPause => afterAttempt(afterDeath(known, silenceS), true, bounds);

test("pauses shrink below the silence that killed, and not below the configured one", () => {
  const pauses: number[] = [];
  for (let known = firstPingPause(bounds), i = 0; i < 7; i++, known = died(known, known.pingS))
    pauses.push(known.pingS);
  expect(pauses).toEqual([60, 45, 33, 24, 18, 15, 15]);
  expect(died(firstPingPause(bounds), 50).pingS).toBe(37);
});

test("a death without silence teaches nothing", () => {
  expect(died(firstPingPause(bounds), 0)).toEqual(firstPingPause(bounds));
  expect(died(firstPingPause(bounds), 9)).toEqual(firstPingPause(bounds));
});

test("where the way itself is dead, silence is not to blame, also not later", () => {
  const suspected = afterDeath(firstPingPause(bounds), 60);
  const cleared = afterAttempt(suspected, false, bounds);
  expect(afterAttempt(cleared, true, bounds)).toEqual(firstPingPause(bounds));
});

test("a pause that held a day is made longer, at most to the configured one", () => {
  const known = { pingS: 33, patience: 1 };
  expect(longerPause(known, LONGER_AFTER_MS - 1, bounds)).toBeUndefined();
  expect(longerPause(known, LONGER_AFTER_MS, bounds)).toEqual({ pingS: 44, provenS: 33, patience: 1 });
  expect(longerPause({ pingS: 50, patience: 1 }, LONGER_AFTER_MS, bounds)?.pingS).toBe(60);
  expect(longerPause(firstPingPause(bounds), 10 * LONGER_AFTER_MS, bounds)).toBeUndefined();
});

test("a longer pause that kills goes back to the proven one and is tried again half as soon", () => {
  const tried = longerPause({ pingS: 33, patience: 1 }, LONGER_AFTER_MS, bounds) as PingPause;
  const back = died(tried, 44);
  expect(back).toEqual({ pingS: 33, patience: 2 });
  expect(longerPause(back, LONGER_AFTER_MS, bounds)).toBeUndefined();
  expect(longerPause(back, 2 * LONGER_AFTER_MS, bounds)?.pingS).toBe(44);
  expect(died({ ...tried, patience: 16 }, 44).patience).toBe(16);
});

import { expect, test } from "vitest";
import { silence } from "../../../../agent/uplink/upkeep/silence.ts";

/** Plays `[second, sent so far, received so far]`. */
function after(...looks: readonly (readonly [number, number, number])[]) {
  const quiet = silence(0);
  for (const [second, sent, received] of looks) quiet.look({ sent, received }, second * 1_000);
  return { unansweredS: quiet.unansweredMs() / 1_000, receivedS: quiet.receivedMs() / 1_000 };
}

test("silence is what came before the message that nobody answers", () => {
  expect(after([1, 10, 10], [41, 20, 10])).toEqual({ unansweredS: 40, receivedS: 1 });
  expect(after([1, 10, 10], [41, 20, 10], [45, 30, 10], [56, 40, 10]).unansweredS).toBe(40);
});

test("whoever is answered was not silent for too long", () => {
  expect(after([1, 10, 10], [41, 20, 10], [42, 20, 20])).toEqual({ unansweredS: 0, receivedS: 42 });
  expect(after([1, 10, 10], [41, 20, 10], [42, 20, 20], [44, 30, 20]).unansweredS).toBe(2);
  expect(after([41, 10, 10]).unansweredS).toBe(0);
});

test("a connection that hears and says nothing is not blamed for it", () => {
  expect(after([1, 10, 10], [100, 10, 10])).toEqual({ unansweredS: 0, receivedS: 1 });
});

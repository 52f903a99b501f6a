import { expect, test } from "vitest";
import { planPolls } from "../../../../agent/config/requests/plan.ts";
import { DeviceHealth } from "../../../../agent/field/bus/device-health.ts";
import { Poll } from "../../../../agent/field/bus/poll.ts";
import { DeviceSource } from "../../../../agent/field/points/device-source.ts";
import { busWorld } from "../world.ts";
import { device, point } from "../snapshots.ts";

function pollOf(clearOnRead: boolean): Poll {
  const { clock, sink } = busWorld();
  const snapshot = device("d", 1, { points: [point("p", clearOnRead ? { clearOnRead } : {})] });
  const [plan] = planPolls(snapshot);
  if (plan === undefined) throw new Error("no plan");
  const source = new DeviceSource("bus", snapshot, { clock, sink });
  return new Poll({ snapshot, source, health: new DeviceHealth(snapshot, true) }, plan, 0);
}

/** When it is due next after it was asked, and answered 20 ms later. */
function dueAfter(poll: Poll, askedMs: number): number {
  poll.asked(askedMs);
  poll.advance(askedMs + 20);
  return poll.dueMs;
}

test("a poll that is periods late is due at once in the cycle of now, unless reading clears what it asks", () => {
  expect(dueAfter(pollOf(false), 5_500)).toBe(5_000);
  expect(dueAfter(pollOf(true), 5_500)).toBe(6_000);
  // in time, or asked at the end of a period and answered in the next: no period is left out
  expect(dueAfter(pollOf(true), 0)).toBe(1_000);
  expect(dueAfter(pollOf(true), 990)).toBe(1_000);
});

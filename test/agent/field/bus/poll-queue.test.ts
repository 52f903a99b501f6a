import fc from "fast-check";
import { expect, test } from "vitest";
import type { BusDevice } from "../../../../agent/field/bus/bus-device.ts";
import { Poll } from "../../../../agent/field/bus/poll.ts";
import { PollQueue } from "../../../../agent/field/bus/poll-queue.ts";

test("the first of the queue is always one that is due earliest, whatever is added, moved and removed", () => {
  const device = {} as BusDevice;
  const act = fc.record({ kind: fc.constantFrom("add", "remove", "advance"), which: fc.nat(29), nowMs: fc.nat(5_000) });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 30, maxLength: 30 }),
      fc.array(act),
      (periods, acts) => {
        const queue = new PollQueue();
        const polls = periods.map((periodMs, i) => {
          const request = { function: 3, unit: 1, address: 0, count: 1 } as const;
          return new Poll(device, { request, periodMs, points: [] }, i);
        });
        const inside = new Set<Poll>();
        for (const { kind, which, nowMs } of acts) {
          const poll = polls[which] as Poll;
          if (kind === "add") {
            queue.add(poll);
            inside.add(poll);
          } else if (kind === "remove") {
            queue.remove(poll);
            inside.delete(poll);
          } else {
            poll.advance(nowMs);
            queue.moved(poll);
          }
          const earliest = Math.min(...[...inside].map(({ dueMs }) => dueMs));
          expect(queue.first?.dueMs ?? Number.POSITIVE_INFINITY).toBe(earliest);
        }
      },
    ),
    { numRuns: 2_000, seed: 1 },
  );
});

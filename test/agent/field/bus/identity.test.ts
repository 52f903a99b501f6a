import { expect, test } from "vitest";
import type { Bus } from "../../../../agent/field/bus/bus.ts";
import { readIdentity } from "../../../../agent/field/bus/identity.ts";
import type { Urgent } from "../../../../agent/field/bus/urgent-queue.ts";

const query = { unit: 1, access: 3, timeoutMs: 300, gapMs: 0 } as const;

/** A device that says "more follows" for ever, with `fresh` new objects in each part. */
function talkative(fresh: boolean): { bus: Pick<Bus, "submit">; asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    bus: {
      submit({ done }: Urgent) {
        const id = fresh ? asked : 0;
        asked++;
        done({ kind: "identity", objects: new Map([[id, `object ${id}`]]), conformity: 3, next: id + 1 });
      },
    },
  };
}

test.each([
  ["and says something new each time", true, 32],
  ["and repeats itself", false, 2],
])("a device that never stops talking %s is believed no further", (_, fresh, parts) => {
  const { bus, asked } = talkative(fresh);
  let said: unknown;
  readIdentity(bus, query, (objects) => void (said = objects));
  expect(asked()).toBe(parts);
  expect(said).toHaveProperty("size", fresh ? parts : 1);
});

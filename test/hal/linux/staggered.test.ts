import { Socket } from "node:net";
import { expect, test } from "vitest";
import { firstWay } from "../../../hal/linux/staggered.ts";

test("of two connections made in the same instant one is used and the other destroyed", async () => {
  const sockets = [new Socket(), new Socket()];
  const made = Promise.withResolvers<void>();
  let begun = 0;
  const ways = sockets.map((socket) => (): Promise<Socket> => {
    if (++begun === sockets.length) made.resolve();
    return made.promise.then(() => socket);
  });
  const first = firstWay(ways, new AbortController().signal);
  expect(await first).toBe(sockets[0]);
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual([false, true]);
  sockets[0]?.destroy();
});

import { expect, test } from "vitest";
import { countedNetwork } from "../../../../agent/uplink/traffic/counted-network.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryNetwork } from "../../../../simulator/network.ts";

const echo = { kind: "tcp", host: "echo.test", port: 7 } as const;

test("what crossed connections is summed up, those that are over included", async () => {
  const clock = virtualClock();
  const network = memoryNetwork(clock);
  await using _listener = await network.listen(
    echo,
    (stream) => void stream.on("data", () => stream.write("twice as long")),
  );
  const counted = countedNetwork(network);
  expect(counted.crossed()).toEqual({ sent: 0, received: 0 });
  const never = new AbortController().signal;
  for (const round of [1, 2]) {
    const stream = await counted.network.connect(echo, never);
    stream.on("data", () => {});
    stream.write("ping");
    await clock.advance(10);
    expect(counted.crossed()).toEqual({ sent: 4 * round, received: 13 * round });
    stream.destroy();
    await clock.advance(10);
    expect(counted.crossed()).toEqual({ sent: 4 * round, received: 13 * round });
  }
});

test("a connection that is refused costs nothing and leaves nothing", async () => {
  const clock = virtualClock();
  const { network, crossed } = countedNetwork(memoryNetwork(clock));
  await expect(network.connect({ ...echo, host: "127.0.0.1" }, new AbortController().signal)).rejects.toMatchObject({
    code: "HAL_CONNECT_REFUSED",
  });
  expect(crossed()).toEqual({ sent: 0, received: 0 });
});

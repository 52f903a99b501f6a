import { expect, test } from "vitest";
import { countedDatagrams } from "../../../../agent/uplink/traffic/counted-datagrams.ts";
import { virtualClock } from "../../../../simulator/clock.ts";
import { memoryDatagrams } from "../../../../simulator/datagram.ts";
import { seededEntropy } from "../../../../simulator/entropy.ts";

test("what is sent and heard by UDP is counted, and what the machine refused is not", async () => {
  const clock = virtualClock();
  const world = memoryDatagrams(clock, seededEntropy(1));
  using _server = world.serve("nms.test", 162, (bytes, reply) => reply(bytes.subarray(0, 3)));
  const { datagrams, crossed } = countedDatagrams(world);
  const heard: Uint8Array[] = [];
  const peer = { host: "nms.test", port: 162, interfaceName: "eth1" };
  await using socket = await datagrams.open(peer, (bytes) => heard.push(bytes), new AbortController().signal);
  await socket.send(new Uint8Array(10));
  await clock.advance(1);
  expect(heard).toHaveLength(1);
  expect(crossed()).toEqual({ sent: 10, received: 3 });
  world.linkDown("eth1");
  await expect(socket.send(new Uint8Array(10))).rejects.toMatchObject({ code: "HAL_INTERFACE_NO_ADDRESS" });
  expect(crossed()).toEqual({ sent: 10, received: 3 });
});

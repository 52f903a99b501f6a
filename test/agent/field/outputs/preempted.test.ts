import { expect, test } from "vitest";
import { sleep } from "../../../../hal/clock.ts";
import { memoryDisk } from "../../../../simulator/disk.ts";
import { fieldWorld } from "../field-world.ts";
import { bus, device, field, tcpBus } from "../snapshots.ts";
import { coil, plan, pump, pumping, speed } from "./outputs-world.ts";
import { running } from "./planned-line.ts";

test("a command whose read-back the plan overtakes may have switched on: what it excludes is refused until it is read", async () => {
  const world = fieldWorld();
  await using _world = world;
  const [drive, other, third] = world.devices([1, 2, 3]);
  if (drive === undefined || other === undefined || third === undefined) throw new Error("no devices");
  drive.coils.write(0, [0, 0, 0, 0]);
  other.coils.write(0, [0, 0, 0, 0]);
  world.line([drive, third]);
  await world.socket("10.0.0.5", [other]);
  const channel = await world.keeper();
  const slow = { pollMs: 60_000, heartbeatMs: 0 };
  const pumpOne = device("pump", 1, {
    points: [{ ...coil("run", 1, { excludes: ["other/run"] }), ...slow }],
    requestGapMs: 200,
  });
  const otherPump = device("other", 2, { points: [coil("run", 1, { excludes: ["pump/run"] })] });
  const valve = device("valve", 3, { points: [{ ...coil("run", 1), ...slow }] });
  const buses = [bus("line", [pumpOne, valve]), tcpBus("net", "10.0.0.5", [otherPump])];
  await world.configure("one", field(buses, { plan: plan([{ output: "valve/run" }]) }));
  await world.clock.advance(5_000);
  channel.send({ kind: "write", id: 900, source: "pump", point: "run", value: true });
  await world.clock.advanceUntil(() => drive.coils.read(1, 1)[0] === 1, 1_000);
  // the answer to the write has come in, and the gap before the read-back is long
  await world.clock.advance(60);
  await world.order("to-plan");
  await world.clock.advance(0);
  const first = world.heard.find((said) => said.kind === "written" && said.id === 900);
  const second = await world.write("other", "run", true);
  expect(first).toMatchObject({ code: "WRITE_IN_PLAN", message: expect.stringMatching(/written, and not read back/) });
  expect(second).toMatchObject({ code: "WRITE_EXCLUDED" });
});

test("a command that a hold takes back before it is sent does not count: neither for its pace nor for its rate", async () => {
  const snapshot = pumping([pump([coil("run", 1), speed({ ratePerSecondMax: 5, intervalMsMin: 2_000 })])]);
  const { world, devices, channel } = await running(snapshot);
  await using _world = world;
  devices[0].holdingRegisters.write(3, [20]);
  await world.clock.advance(5_000);
  devices[0].replyDelayMs = 150;
  // the first is on the wire, the second waits for it
  channel.send({ kind: "write", id: 900, source: "pump", point: "run", value: true });
  channel.send({ kind: "write", id: 901, source: "pump", point: "speed", value: 40 });
  await world.clock.advance(20);
  await world.order("hold", ["pump/speed"]);
  await world.clock.advance(1_000);
  expect(world.heard.find((said) => said.kind === "written" && said.id === 901)).toMatchObject({ code: "WRITE_HELD" });
  expect(devices[0].holdingRegisters.read(3, 1)).toEqual([20]);
  await world.order("release");
  expect((await world.status()).outputs?.outputs[1]).not.toHaveProperty("commanded");
  expect(await world.write("pump", "speed", 30)).toMatchObject({ readBack: 30 });
});

test("a hold counts from the moment it is given: no slow disk lets a waiting command slip out before it", async () => {
  const medium = memoryDisk();
  let syncing = Promise.resolve();
  const disk = {
    ...medium,
    open: async (...of: Parameters<typeof medium.open>) => {
      const file = await medium.open(...of);
      return { ...file, sync: () => syncing.then(() => file.sync()) };
    },
  };
  const snapshot = pumping([pump([coil("run", 1), coil("spare", 2)])]);
  const { world, devices, channel, log } = await running(snapshot, { disk });
  await using _world = world;
  devices[0].replyDelayMs = 150;
  channel.send({ kind: "write", id: 900, source: "pump", point: "run", value: true });
  channel.send({ kind: "write", id: 901, source: "pump", point: "spare", value: true });
  await world.clock.advance(20);
  syncing = sleep(world.clock, 1_000);
  channel.send({ kind: "outputs", id: 902, action: "hold", outputs: [], by: "anna", reason: "hand in it" });
  await world.clock.advance(5_000);
  expect(log).toEqual(["1 coil 1 = 1"]);
  expect(world.heard.find((said) => said.kind === "written" && said.id === 901)).toMatchObject({ code: "WRITE_HELD" });
});

import { describe, expect, test } from "vitest";
import { memoryDoor } from "../../../agent/contract/door.ts";
import type { Door } from "../../../agent/contract/door.ts";
import { openCell } from "../../../hal/storage/cell.ts";
import { memoryDisk } from "../../../simulator/disk.ts";
import { fieldWorld } from "./field-world.ts";
import { bus, device, field, point, registers, rtu, tcpBus } from "./snapshots.ts";

const two = field([
  bus("line", [device("d1", 1, registers(3))]),
  tcpBus("socket", "10.0.0.5", [device("d2", 2, registers(3))]),
]);

describe("field", () => {
  test("polls, and hands a roster and then values to whoever gives credit", async () => {
    await using world = fieldWorld();
    world.line(world.devices([1]));
    await world.socket("10.0.0.5", world.devices([2]));
    await world.keeper();
    expect(await world.configure("one", two)).toEqual({ kind: "configured", digest: "one" });
    await world.clock.advance(2_500);
    const uplink = await world.uplink();
    await world.clock.advance(100);
    expect(uplink.rosters[0]).toMatchObject({
      sources: [
        { name: "d1", bus: "line", online: true, points: [{ name: "r0", value: 1_000, quality: 0 }, {}, {}] },
        { name: "d2", bus: "socket", online: true },
      ],
    });
    expect(uplink.batches()).toEqual([]);
    uplink.credit(100);
    await world.clock.advance(100);
    expect(uplink.sequences("d1")).toEqual([0, 1, 2]);
    expect(uplink.batches()[0]).toMatchObject({
      trust: "trusted",
      values: [1_000, 1_001, 1_002],
      qualities: [0, 0, 0],
    });
  });

  test("starts alone from its last good configuration, under a new boot id and with sequences from 0", async () => {
    const disk = memoryDisk();
    let first = "";
    {
      await using world = fieldWorld({ disk });
      world.line(world.devices([1]));
      await world.keeper();
      await world.configure("one", field([bus("line", [device("d1", 1)])]));
      const uplink = await world.uplink();
      await world.clock.advance(100);
      first = uplink.bootId;
    }
    await using world = fieldWorld({ disk: disk.crash(1), seed: 2 });
    world.line(world.devices([1]));
    await world.clock.advance(2_000);
    const uplink = await world.uplink();
    uplink.credit(100);
    await world.clock.advance(1_000);
    expect(uplink.bootId).toMatch(/^2-/);
    expect(first).toMatch(/^1-/);
    expect(uplink.sequences("d1")).toEqual([0]);
    await world.keeper();
    expect(world.heard[0]).toEqual({ kind: "configured", digest: "one" });
  });

  test("starts with nothing where nothing is stored, or what is stored is no configuration", async () => {
    const disk = memoryDisk();
    await openCell(disk, "last-good").replace(Buffer.from('{"digest":"x","field":{"site":7}}'));
    await openCell(disk, "boot").replace(Buffer.from("not a number"));
    await using world = fieldWorld({ disk });
    await world.keeper();
    expect(world.heard[0]).toEqual({ kind: "configured", digest: "" });
    expect((await world.status()).bootId).toMatch(/^1-/);
    expect((await world.status()).buses).toEqual([]);
  });

  test.each([
    ["a duplicate unit id", field([bus("b", [device("d1", 1), device("d2", 1)])]), "CONFIG_UNIT_DUPLICATE"],
    ["a duplicate device name", field([bus("b", [device("d1", 1), device("d1", 2)])]), "CONFIG_NAME_DUPLICATE"],
    [
      "one serial line twice",
      field([bus("b", [device("d1", 1)]), bus("c", [device("d2", 1)])]),
      "CONFIG_LINE_DUPLICATE",
    ],
    [
      "a range that wraps",
      field([bus("b", [device("d1", 1, { points: [point("p", { address: 65_535, type: "float32", count: 2 })] })])]),
      "CONFIG_RANGE_WRAPS",
    ],
    ["unit 0 on a serial line", field([bus("b", [device("d1", 0)])]), "CONFIG_SNAPSHOT_MALFORMED"],
    [
      "a scale of 0",
      field([bus("b", [device("d1", 1, { points: [point("p", { scale: 0 })] })])]),
      "CONFIG_SNAPSHOT_MALFORMED",
    ],
    [
      "an output that cannot be written",
      field([
        bus("b", [device("d1", 1, { points: [point("p", { table: "input-register", output: { write: "single" } })] })]),
      ]),
      "CONFIG_OUTPUT_INVALID",
    ],
    [
      "a bit that would be written with its neighbours",
      field([
        bus("b", [device("d1", 1, { points: [point("p", { type: "bool", bit: 3, output: { write: "single" } })] })]),
      ]),
      "CONFIG_OUTPUT_INVALID",
    ],
    ["more than one message holds", field(large()), "CONFIG_TOO_LARGE"],
    ["no field part at all", { buses: "none" }, "CONFIG_SNAPSHOT_MALFORMED"],
  ] as const)("refuses %s, and what runs goes on", async (_, part, code) => {
    await using world = fieldWorld();
    world.line(world.devices([1]));
    await world.keeper();
    await world.configure("good", field([bus("line", [device("d1", 1)])]));
    await world.clock.advance(1_500);
    const said = await world.configure("bad", part);
    expect(said).toMatchObject({ digest: "good", refused: { digest: "bad", code } });
    await world.clock.advance(5_000);
    expect(await world.status()).toMatchObject({
      configDigest: "good",
      buses: [{ counters: { requests: 7, replies: 7, latePolls: 0 } }],
    });
  });

  test("refuses a configuration that the disk does not take", async () => {
    await using world = fieldWorld({ disk: memoryDisk({ capacityBytes: 2_048 }) });
    await world.keeper();
    const said = await world.configure("big", field([bus("b", [device("d1", 1, registers(100))])]));
    expect(said).toMatchObject({ digest: "", refused: { code: "CONFIG_NOT_STORED" } });
  });

  test("a change to one bus restarts only that bus", async () => {
    await using world = fieldWorld();
    const devices = world.devices([1]);
    world.line(devices);
    await world.socket("10.0.0.5", world.devices([2]));
    await world.keeper();
    await world.configure("one", two);
    const uplink = await world.uplink();
    uplink.credit(1_000_000);
    await world.clock.advance(10_300);
    const changed = field([
      tcpBus("socket", "10.0.0.5", [device("d2", 2, registers(4))]),
      ...two.buses.filter(({ name }) => name === "line"),
      bus("new", [device("d3", 3)], { transport: rtu({ path: "/dev/ttyS9" }) }),
    ]);
    await world.configure("two", changed);
    await world.clock.advance(10_000);
    const { buses } = await world.status();
    expect(buses.map(({ name, counters }) => [name, counters.reopened, counters.latePolls])).toEqual([
      ["socket", 0, 0],
      ["line", 0, 0],
      ["new", 0, 0],
    ]);
    expect(buses[1]?.counters.requests).toBe(21);
    expect(buses[0]?.counters.requests).toBeLessThan(12);
    // the phase is the old one: not one request came early or late
    const starts = world.serial
      .trace("/dev/ttyS0")
      .filter(({ direction }, i, all) => direction === "out" && all[i - 1]?.direction !== "out")
      .map(({ startMs }) => startMs);
    // the very first waited for the line's silence
    for (const [i, startMs] of starts.slice(2).entries())
      expect(startMs - (starts[i + 1] as number)).toBeCloseTo(1_000);

    expect(uplink.rosters.map(({ revision, sources }) => [revision, sources.map(({ name }) => name)])).toEqual([
      [1, ["d1", "d2"]],
      [2, ["d2", "d1", "d3"]],
    ]);
    expect(uplink.sequences("d1")).toEqual([0, 1, 2]);
    expect(uplink.sequences("d2")).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("a line that moves to another bus is free before that one opens it", async () => {
    await using world = fieldWorld({ closingMs: 200 });
    world.line(world.devices([1]));
    await world.keeper();
    await world.configure("one", field([bus("old", [device("d1", 1)])]));
    await world.clock.advance(2_500);
    await world.configure("two", field([bus("new", [device("d1", 1)])]));
    await world.clock.advance(100);
    const { buses } = await world.status();
    expect(buses.map(({ name, state, lastFault }) => [name, state, lastFault])).toEqual([["new", "open", undefined]]);
  });

  test("starts under a boot id of its own where the disk gives and keeps nothing", async () => {
    const disk = memoryDisk({ capacityBytes: 0 });
    await using world = fieldWorld({ disk });
    await world.keeper();
    expect((await world.status()).bootId).toMatch(/^0-[0-9a-f]{16}$/);
  });

  test("the same configuration again changes nothing", async () => {
    await using world = fieldWorld();
    world.line(world.devices([1]));
    await world.socket("10.0.0.5", world.devices([2]));
    await world.keeper();
    await world.configure("one", two);
    await world.clock.advance(3_000);
    const uplink = await world.uplink();
    await world.configure("one", two);
    await world.clock.advance(1_000);
    expect(uplink.rosters.length).toBe(1);
  });

  test("keeper coming, going and sending rubbish changes nothing", async () => {
    await using world = fieldWorld();
    world.line(world.devices([1]));
    const keeper = await world.keeper();
    await world.configure("one", field([bus("line", [device("d1", 1)])]));
    keeper.close();
    await world.clock.advance(20_000);
    expect(world.heard.filter(({ kind }) => kind === "configured").length).toBeGreaterThan(1);
    expect(await world.status()).toMatchObject({ buses: [{ counters: { requests: 21, latePolls: 0 } }] });
  });

  test("polls and keeps its values while the uplink's door cannot be opened, and opens it when it can", async () => {
    const { door, dialer } = memoryDoor();
    let refusals = 3;
    const stuck: Door = {
      serve: (accept) => (refusals-- > 0 ? Promise.reject(new Error("address in use")) : door.serve(accept)),
    };
    await using world = fieldWorld({ uplink: stuck });
    world.line(world.devices([1]));
    await world.keeper();
    await world.configure("one", field([bus("line", [device("d1", 1)])]));
    await world.clock.advance(2_000);
    await expect(dialer.dial(AbortSignal.any([]))).rejects.toThrow("nobody");
    expect(await world.status()).toMatchObject({ queue: { values: 1 }, buses: [{ counters: { replies: 2 } }] });
    await world.clock.advance(2_000);
    const stream = await dialer.dial(AbortSignal.any([]));
    expect(stream.destroyed).toBe(false);
  });

  test("says what every point is, and leaves points out where nobody asks", async () => {
    await using world = fieldWorld();
    world.line(world.devices([1]));
    await world.keeper();
    await world.configure("one", field([bus("line", [device("d1", 1, { points: [point("p", { unit: "m" })] })])]));
    await world.clock.advance(1_500);
    expect((await world.status(false)).buses[0]?.devices[0]?.points).toEqual([]);
    expect(await world.status(true)).toMatchObject({
      clockTrust: "trusted",
      queue: { values: 1, valuesMax: 100_000, dropped: 0, sampled: 1, acknowledged: 0 },
      buses: [
        {
          name: "line",
          kind: "rtu",
          target: "/dev/ttyS0",
          state: "open",
          devices: [
            {
              name: "d1",
              online: true,
              points: [
                { name: "p", type: "uint16", unit: "m", value: 1_000, quality: "good", reason: "ok", sequence: 0 },
              ],
            },
          ],
        },
      ],
    });
  });

  test("ends when it is told to, leaving no port, socket or timer behind", async () => {
    const world = fieldWorld();
    world.line(world.devices([1]));
    const server = await world.socket("10.0.0.5", world.devices([2]));
    await world.keeper();
    await world.configure("one", two);
    await world.clock.advance(5_250);
    const uplink = await world.uplink();
    await world.stop();
    await uplink.closed;
    expect(server.connections()).toBe(0);
    const traced = world.serial.trace("/dev/ttyS0").length;
    await world.clock.advance(60_000);
    expect(world.serial.trace("/dev/ttyS0").length).toBe(traced);
    await world[Symbol.asyncDispose]();
  });
});

/** Long texts: small to describe, large to report. */
function large() {
  const texts = { type: "string", count: 125 } as const;
  return Array.from({ length: 20 }, (_, i) =>
    tcpBus(`b${i}`, `10.0.1.${i}`, [device(`d${i}`, 1, registers(1_000, texts))]),
  );
}

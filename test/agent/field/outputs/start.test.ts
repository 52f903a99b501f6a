import { describe, expect, test } from "vitest";
import type { FieldSnapshot } from "../../../../agent/config/snapshot.ts";
import { openCell } from "../../../../hal/storage/cell.ts";
import { memoryDisk } from "../../../../simulator/disk.ts";
import type { MemoryDisk } from "../../../../simulator/disk.ts";
import { simulatedBoot } from "../../../../simulator/machine-boot.ts";
import { fieldWorld } from "../field-world.ts";
import { busWorld } from "../world.ts";
import { coil, LINE, plan, pump, pumping, speed, when } from "./outputs-world.ts";
import { running, steps, valve } from "./planned-line.ts";

describe("a start of field", () => {
  async function twice(snapshot: FieldSnapshot, act: (world: ReturnType<typeof fieldWorld>) => Promise<void>) {
    const plant = busWorld();
    const [disk, machineBoot] = [memoryDisk(), simulatedBoot()];
    const { world, devices, log } = await running(snapshot, { world: plant, disk, machineBoot });
    await act(world);
    await world.stop();
    log.length = 0;
    const from = plant.serial.trace(LINE).length;
    const again = (): ReturnType<typeof fieldWorld> => fieldWorld({ world: plant, disk, machineBoot });
    /** What left the gateway since the first field ended: unit and function code of each request. */
    const requests = (): string[] => {
      const frames: number[][] = [];
      let lastMs = Number.NEGATIVE_INFINITY;
      for (const { direction, byte, startMs, endMs } of plant.serial.trace(LINE).slice(from)) {
        if (direction !== "out") continue;
        if (startMs - lastMs > 1) frames.push([]);
        frames.at(-1)?.push(byte);
        lastMs = endMs;
      }
      return frames.map(([unit, code]) => `${unit}:${code}`);
    };
    return { plant, disk, machineBoot, devices, log, again, requests };
  }
  const policy = (over: Parameters<typeof coil>[2]): FieldSnapshot =>
    pumping([pump([coil("run", 1, over), speed()]), valve()], { plan: plan(steps) });
  const runPump = async (world: ReturnType<typeof fieldWorld>): Promise<void> => {
    expect(await world.write("pump", "run", true)).toMatchObject({ readBack: true });
  };

  test("with a pump running writes nothing: not one byte of a write is on the line", async () => {
    const { plant, again, requests, devices } = await twice(policy({}), runPump);
    await using _plant = plant;
    await using field = again();
    await plant.clock.advance(30_000);
    expect(requests().length).toBeGreaterThan(20);
    expect(new Set(requests().map((frame) => frame.split(":")[1]))).toEqual(new Set(["1", "3"]));
    expect(devices[0].coils.read(1, 1)).toEqual([1]);
    await field.keeper();
    expect((await field.status()).outputs?.outputs[0]).toMatchObject({ state: "free", value: true, quality: "good" });
  });

  test("with onRestart: plan writes the step as the very first thing on the line", async () => {
    const { plant, again, requests, log } = await twice(policy({ onRestart: "plan" }), runPump);
    await using _plant = plant;
    await using _field = again();
    await plant.clock.advance(1_000);
    expect(requests()[0]).toBe("1:5");
    expect(log).toEqual(["1 coil 1 = 0"]);
  });

  test("after the machine came up goes by onStart, and a later one by onRestart", async () => {
    const { plant, again, machineBoot, log } = await twice(policy({ onStart: "plan" }), runPump);
    await using _plant = plant;
    const second = again();
    await plant.clock.advance(2_000);
    expect(log).toEqual([]);
    await second.stop();
    machineBoot.restart();
    await using _third = again();
    await plant.clock.advance(2_000);
    expect(log).toEqual(["1 coil 1 = 0"]);
  });

  test("remembers what was held and planned, and goes on with what was not confirmed", async () => {
    const { plant, again, log, devices } = await twice(policy({}), async (world) => {
      await world.order("hold", ["pump/speed"], "coupling off");
      world.serial.vanish(LINE);
      await world.clock.advance(500);
      await world.order("to-plan", ["valve/position"]);
      await world.clock.advance(500);
    });
    await using _plant = plant;
    plant.serial.restore(LINE);
    await using field = again();
    await plant.clock.advance(2_000);
    expect(log).toEqual(["2 register 4 = 7"]);
    expect(devices[1].holdingRegisters.read(4, 1)).toEqual([7]);
    await field.keeper();
    const { outputs } = await field.status();
    expect(outputs?.hold).toMatchObject({ by: "anna", reason: "coupling off", outputs: ["pump/speed"] });
    expect(outputs?.outputs.map(({ state }) => state)).toEqual(["free", "held", "planned"]);
  });

  test("gives an output its last command again only once everything permits it", async () => {
    const last = {
      onStart: "last-commanded",
      onRestart: "last-commanded",
      permissives: [{ when: when("[pump/remote]") }],
    } as const;
    const { plant, again, log, devices } = await twice(policy(last), runPump);
    await using _plant = plant;
    devices[0].coils.write(1, [0]);
    devices[0].coils.write(8, [0]);
    log.length = 0;
    await using _field = again();
    await plant.clock.advance(20_000);
    expect(log).toEqual([]);
    devices[0].coils.write(8, [1]);
    await plant.clock.advance(3_000);
    expect(log.at(-1)).toBe("1 coil 1 = 1");
    expect(devices[0].coils.read(1, 1)).toEqual([1]);
  });

  test("does not start again what the plan has stopped, though a person released it meanwhile", async () => {
    const last = { onStart: "last-commanded", onRestart: "last-commanded" } as const;
    const { plant, again, log, devices } = await twice(policy(last), async (world) => {
      await runPump(world);
      await world.order("to-plan");
      await world.clock.advance(1_000);
      expect(await world.order("release")).toBeUndefined();
    });
    await using _plant = plant;
    await using field = again();
    await plant.clock.advance(70_000);
    expect(log).toEqual([]);
    expect(devices[0].coils.read(1, 1)).toEqual([0]);
    await field.keeper();
    const { outputs } = await field.status();
    expect(outputs?.warnings).toContainEqual(
      expect.objectContaining({
        code: "OUTPUT_NOT_RESTORED",
        message: expect.stringMatching(/no command is remembered/),
      }),
    );
  });

  test("that may not give it again says so and leaves it", async () => {
    const last = {
      onRestart: "last-commanded",
      permissives: [{ when: when("[pump/remote]"), text: "local" }],
    } as const;
    const { plant, again, log, devices } = await twice(policy(last), runPump);
    await using _plant = plant;
    devices[0].coils.write(1, [0]);
    devices[0].coils.write(8, [0]);
    log.length = 0;
    await using field = again();
    await plant.clock.advance(70_000);
    devices[0].coils.write(8, [1]);
    await plant.clock.advance(10_000);
    expect(log).toEqual(["1 coil 8 = 1"]);
    await field.keeper();
    const { outputs } = await field.status();
    expect(outputs?.warnings).toContainEqual(
      expect.objectContaining({ code: "OUTPUT_NOT_RESTORED", device: "pump/run" }),
    );
  });

  const garbage = async (disk: MemoryDisk, name: string, bytes: number): Promise<void> => {
    await using file = await disk.open(name, { create: true });
    await file.truncate(0);
    await file.write(0, new Uint8Array(bytes).fill(7));
    await file.sync();
  };

  test.each([
    ["both slots", ["outputs.a", "outputs.b"], 64],
    ["the only slot", ["outputs.a"], 64],
    ["two slots that are empty", ["outputs.a", "outputs.b"], 0],
  ] as const)("that finds garbage in %s holds everything, and writes nothing", async (_what, names, bytes) => {
    const disk = memoryDisk();
    for (const name of names) await garbage(disk, name, bytes);
    const { world, log } = await running(policy({ onStart: "last-commanded", onRestart: "last-commanded" }), { disk });
    await using _world = world;
    await world.clock.advance(70_000);
    expect((await world.status()).outputs?.hold).toMatchObject({ by: "holdfast", outputs: [] });
    expect(await world.write("pump", "run", true)).toMatchObject({ code: "WRITE_HELD" });
    expect(log).toEqual([]);
  });

  test("that finds the empty file of a first state which the disk refused holds nothing", async () => {
    const disk = memoryDisk();
    await garbage(disk, "outputs.a", 0);
    const { world } = await running(policy({}), { disk });
    await using _world = world;
    expect((await world.status()).outputs?.hold).toBeUndefined();
  });

  test("lets nobody release before it has read again what the plan is due by", async () => {
    const trigger = { name: "flooded", when: when("not [pump/remote]"), forMs: 0 };
    const flooded = { ...policy({}), plan: plan(steps, { triggers: [trigger] }) };
    const { plant, again, devices } = await twice(flooded, async (world) => {
      await world.clock.advance(500);
    });
    await using _plant = plant;
    devices[0].coils.write(8, [0]);
    const second = again();
    await plant.clock.advance(5_000);
    await second.keeper();
    expect((await second.status()).outputs?.plan).toMatchObject({ state: "done", trigger: "flooded" });
    await second.stop();
    devices[0].inject({ kind: "silence" });
    await using third = again();
    await third.keeper();
    expect(await third.order("release")).toMatchObject({
      code: "OUTPUTS_TRIGGER_HOLDS",
      message: expect.stringMatching(/not known yet whether trigger flooded/),
    });
    // a sensor that is dead holds nobody up for ever
    await plant.clock.advance(40_000);
    expect(await third.order("release")).toBeUndefined();
  });

  test("that cannot read what was held holds everything until a person releases it", async () => {
    const { plant, again, disk } = await twice(policy({ onRestart: "plan" }), runPump);
    await using _plant = plant;
    await openCell(disk, "outputs").replace(Buffer.from("[]"));
    await using field = again();
    await plant.clock.advance(3_000);
    await field.keeper();
    const { outputs } = await field.status();
    expect(outputs?.hold).toMatchObject({ by: "holdfast", outputs: [] });
    expect(outputs?.plan?.state).toBe("done");
    expect(await field.order("release")).toBeUndefined();
    expect((await field.status()).outputs?.hold).toBeUndefined();
  });
});

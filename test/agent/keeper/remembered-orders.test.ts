import { expect, test } from "vitest";
import type { OutputsOrder } from "../../../agent/contract/rooms.ts";
import { ANSWER_TIMEOUT_MS } from "../../../agent/keeper/room-link.ts";
import { memoryDisk } from "../../../simulator/disk.ts";
import { openWorld } from "./world.ts";

const order = (action: OutputsOrder["action"], outputs: readonly string[] = []): Omit<OutputsOrder, "id"> => ({
  kind: "outputs",
  action,
  outputs: [...outputs],
  by: "anna",
  reason: "leak",
});

test("a hold given while field is away is remembered over a restart of keeper, and given to field before anything else", async () => {
  const disk = memoryDisk();
  {
    await using world = await openWorld(disk);
    const reply = await world.ask(order("hold", ["pump/run"]));
    expect(reply).toMatchObject({ refused: { code: "OUTPUTS_REMEMBERED" } });
    await world.ask(order("hold", ["valve/position"]));
    await world.ask(order("to-plan"));
  }
  await using world = await openWorld(disk);
  const field = await world.field("");
  const [hold] = field.heard;
  expect(hold).toMatchObject({ kind: "outputs", action: "hold", outputs: ["pump/run", "valve/position"], by: "anna" });
  expect(field.heard).toHaveLength(1);
  field.say({ kind: "done", id: (hold as OutputsOrder).id });
  await world.settle();
  expect(field.heard[1]).toMatchObject({ action: "to-plan", outputs: [] });
  field.say({ kind: "done", id: (field.heard[1] as OutputsOrder).id });
  await world.settle();
  await world.clock.advance(10_000);
  expect(field.heard).toHaveLength(2);
});

test("a field that is too slow hears a hold again until it answers, and a release only after it", async () => {
  await using world = await openWorld();
  const field = await world.field("");
  expect(await world.ask(order("hold"))).toMatchObject({ refused: { code: "OUTPUTS_REMEMBERED" } });
  await world.clock.advance(3 * ANSWER_TIMEOUT_MS);
  expect(field.heard.length).toBeGreaterThanOrEqual(2);
  expect(await world.ask(order("release"))).toMatchObject({ refused: { code: "FIELD_AWAY" } });
  expect(field.heard.every((message) => message.kind === "outputs" && message.action === "hold")).toBe(true);
});

test("a release is not remembered", async () => {
  await using world = await openWorld();
  expect(await world.ask(order("release"))).toMatchObject({ refused: { code: "FIELD_AWAY" } });
  const field = await world.field("");
  await world.clock.advance(5_000);
  expect(field.heard).toEqual([]);
});

test("a disk that fails keeps nobody from holding", async () => {
  const disk = memoryDisk();
  await using world = await openWorld(disk);
  disk.failSyncs(1_000);
  expect(await world.ask(order("hold"))).toMatchObject({
    refused: { code: "OUTPUTS_REMEMBERED", message: expect.stringMatching(/its disk refuses/) },
  });
  const field = await world.field("");
  expect(field.heard).toHaveLength(1);
});

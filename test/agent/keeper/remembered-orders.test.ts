import { expect, test } from "vitest";
import type { OutputsOrder } from "../../../agent/contract/rooms.ts";
import { ANSWER_TIMEOUT_MS } from "../../../agent/keeper/room-link.ts";
import { memoryDisk } from "../../../simulator/disk.ts";
import { openWorld, snapshot } from "./world.ts";

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

test("a second hold that a slow field did not answer is given to it again as well", async () => {
  await using world = await openWorld();
  const field = await world.field("");
  expect(await world.ask(order("hold", ["pump/run"]))).toMatchObject({ refused: { code: "OUTPUTS_REMEMBERED" } });
  await world.clock.advance(ANSWER_TIMEOUT_MS / 2);
  field.say({ kind: "done", id: (field.heard.at(-1) as OutputsOrder).id });
  await world.clock.advance(5_000);
  const from = field.heard.length;
  expect(await world.ask(order("hold", ["valve/position"]))).toMatchObject({ refused: { code: "OUTPUTS_REMEMBERED" } });
  await world.clock.advance(5_000);
  expect(field.heard.length).toBeGreaterThan(from + 1);
  expect(field.heard.at(-1)).toMatchObject({ action: "hold", outputs: ["valve/position"] });
});

test("a hold that field cannot take before it has its configuration is given to it again with it", async () => {
  await using world = await openWorld();
  const one = snapshot(1);
  await world.ask({ kind: "apply-config", snapshot: one });
  expect(await world.ask(order("hold"))).toMatchObject({ refused: { code: "OUTPUTS_REMEMBERED" } });
  const field = await world.field("");
  const holds = (): readonly OutputsOrder[] => field.heard.filter((message) => message.kind === "outputs");
  field.say({ kind: "done", id: holds()[0]?.id ?? -1, refused: { code: "OUTPUT_NONE", message: "no output" } });
  await world.settle();
  field.say({ kind: "configured", digest: one.digest });
  await world.settle();
  expect(holds()).toHaveLength(2);
  field.say({ kind: "done", id: holds()[1]?.id ?? -1 });
  await world.clock.advance(10_000);
  expect(holds()).toHaveLength(2);
});

test("a hold on all that is remembered stays one on all, whatever is held after it", async () => {
  await using world = await openWorld();
  await world.ask(order("hold"));
  await world.ask(order("hold", ["pump/run"]));
  const field = await world.field("");
  expect(field.heard).toMatchObject([{ action: "hold", outputs: [] }]);
});

test("holds on more outputs than a gateway has are one on all", async () => {
  await using world = await openWorld();
  const names = (from: number): string[] => Array.from({ length: 300 }, (_, i) => `pump/run-${from + i}`);
  await world.ask(order("hold", names(0)));
  await world.ask(order("hold", names(300)));
  const field = await world.field("");
  expect(field.heard).toMatchObject([{ action: "hold", outputs: [] }]);
});

import { afterAll, beforeAll, expect, test } from "vitest";
import type { OutputsOrder } from "../../agent/contract/rooms.ts";
import { virtualClock } from "../../simulator/clock.ts";
import { virtualTime } from "../agent/uplink/world.ts";
import { scenario } from "./world.ts";
import type { Scenario } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

/** Pump 1 goes to its step a minute after the uplink is lost; the valve only when somebody says so. */
const planned = (yaml: string): string => {
  const one = "- { name: run-command, table: coil, address: 0, output: {} }";
  const lost = "- { name: run-command, table: coil, address: 0, output: { onUplinkLost: { planAfterMs: 60000 } } }";
  return `${yaml.replace(one, lost)}
plan:
  steps:
    - { output: pump-1/run-command, value: false }
    - { output: discharge-valve/position-setpoint, value: 30, waitMs: 500 }
`;
};
const order = (action: OutputsOrder["action"], outputs: readonly string[] = []): Omit<OutputsOrder, "id"> => ({
  kind: "outputs",
  action,
  outputs: [...outputs],
  by: "anna (uid 0)",
  reason: "impeller",
});
const writes = async (world: Scenario): Promise<number> =>
  (await world.status()).field?.buses.reduce((sum, bus) => sum + bus.counters.writes, 0) ?? -1;

test("outputs are held, sent to the plan and released from the control socket, through keeper", async () => {
  await using world = await scenario(clock, { edit: planned });
  await world.pass(10_000);
  expect(await writes(world)).toBe(0);
  expect(await world.ask(order("hold"))).toEqual({ kind: "done", id: 0 });
  const held = (await world.status()).field?.outputs;
  expect(held?.hold).toMatchObject({ by: "anna (uid 0)", reason: "impeller", outputs: [] });
  expect(held?.outputs.every(({ refused }) => refused?.[0]?.code === "WRITE_HELD")).toBe(true);
  await world.ask(order("to-plan"));
  await world.pass(2_000);
  const { outputs } = (await world.status()).field ?? {};
  expect(outputs?.plan).toMatchObject({ state: "done", trigger: "operator" });
  expect(outputs?.outputs.find(({ output }) => output === "discharge-valve/position-setpoint")?.value).toBe(30);
  await world.ask(order("release"));
  const wrote = await writes(world);
  await world.pass(10_000);
  expect(await writes(world)).toBe(wrote);
  expect((await world.status()).field?.outputs?.plan?.state).toBe("idle");
  expect(world.failures).toEqual([]);
});

test("a hold given while field is away is done as soon as it is back, before anything is written", async () => {
  await using world = await scenario(clock, { edit: planned });
  await world.pass(10_000);
  await world.gateway.stop("field");
  const reply = await world.ask(order("hold"));
  expect(reply).toMatchObject({ refused: { code: "OUTPUTS_REMEMBERED" } });
  world.gateway.start("field");
  await world.pass(3_000);
  expect((await world.status()).field?.outputs?.hold).toMatchObject({ by: "anna (uid 0)" });
  expect(await writes(world)).toBe(0);
});

test("a lost broker, and a lost uplink process, count alike: after its time the output has its step, and contact gives nothing back", async () => {
  await using world = await scenario(clock, { edit: planned });
  await world.pass(20_000);
  expect((await world.status()).uplink?.state).toBe("online");
  await world.gateway.stop("uplink");
  await world.pass(55_000);
  expect(await writes(world)).toBe(0);
  await world.pass(10_000);
  expect((await world.status()).field?.outputs?.plan).toMatchObject({ state: "done", trigger: "uplink-lost" });
  expect(await writes(world)).toBe(1);
  world.gateway.start("uplink");
  await world.pass(30_000);
  expect((await world.status()).uplink?.state).toBe("online");
  expect((await world.status()).field?.outputs?.plan?.state).toBe("done");
  expect(await world.ask(order("release"))).toEqual({ kind: "done", id: 0 });
  await world.broker.stop();
  await world.pass(65_000);
  expect((await world.status()).field?.outputs?.plan).toMatchObject({ state: "done", trigger: "uplink-lost" });
});

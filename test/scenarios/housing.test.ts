import { afterAll, beforeAll, expect, test } from "vitest";
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

const withHousing = (yaml: string): string => `${yaml}
io:
  inputs:
    - { name: lid, role: tamper, line: "gpio:1" }
    - { name: service, role: service-port, line: "carrier:eth1" }
  relay: { line: "gpio:9" }
  leds: [{ line: "led:act", shows: uplink }]
`;

const stateOf = async (world: Scenario, name: string): Promise<string | undefined> =>
  (await world.status()).field?.alarms?.shown.find((alarm) => alarm.name === name)?.state;

test("an open lid is an alarm for the relay, the host and status, until it is closed", async () => {
  await using world = await scenario(clock, { edit: withHousing });
  await world.pass(10_000);
  expect(world.digitalIo.levelOf("gpio:9")).toBe(true);
  expect(await stateOf(world, "tamper")).toBeUndefined();
  world.digitalIo.drive("gpio:1", true);
  await world.pass(1_000);
  expect(world.digitalIo.levelOf("gpio:9")).toBe(false);
  expect(world.host.current.get("io/lid")).toBe(true);
  expect(await stateOf(world, "tamper")).toBe("raised");
  // the relay is for high and above
  world.digitalIo.drive("gpio:1", false);
  world.digitalIo.drive("carrier:eth1", true);
  await world.pass(1_000);
  expect(await stateOf(world, "service-port")).toBe("raised");
  expect(world.digitalIo.levelOf("gpio:9")).toBe(true);
  expect((await world.status()).field?.io).toMatchObject({ relay: { alarm: false } });
});

test("the uplink's lamp is on while a broker takes telemetry", async () => {
  await using world = await scenario(clock, { edit: withHousing });
  await world.pass(10_000);
  expect(world.digitalIo.levelOf("led:act")).toBe(true);
  await world.broker.stop();
  await world.pass(5_000);
  expect(world.digitalIo.levelOf("led:act")).toBe(false);
  await world.broker.start();
  await world.pass(120_000);
  expect(world.digitalIo.levelOf("led:act")).toBe(true);
  await world.gateway.stop("uplink");
  await world.pass(1_000);
  expect(world.digitalIo.levelOf("led:act")).toBe(false);
});

test("a gateway that leaves lets go of a fail-safe relay, and takes it up again where nothing is wrong", async () => {
  await using world = await scenario(clock, { edit: withHousing });
  await world.pass(5_000);
  expect(world.digitalIo.levelOf("gpio:9")).toBe(true);
  const stopping = world.gateway.stop("field");
  await world.pass(2_000);
  await stopping;
  expect(world.digitalIo.levelOf("gpio:9")).toBe(false);
  world.gateway.start("field");
  await world.pass(5_000);
  expect(world.digitalIo.levelOf("gpio:9")).toBe(true);
});

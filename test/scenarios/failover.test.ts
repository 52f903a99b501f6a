import { afterAll, beforeAll, expect, test } from "vitest";
import { gatewayAccess, openBroker } from "../../simulator/broker/index.ts";
import type { EmbeddedBroker } from "../../simulator/broker/index.ts";
import { virtualClock } from "../../simulator/clock.ts";
import { virtualTime } from "../agent/uplink/world.ts";
import { BROKER_HOST, ledger, pki, scenario } from "./world.ts";
import type { Scenario } from "./world.ts";

const SPARE_HOST = "spare.test";
const RETURN_MS = 30_000;
const MINUTE_MS = 60_000;

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const withSpare = (yaml: string): string =>
  yaml.replace(
    /^uplink:\n/m,
    `uplink:\n  fallbacks:\n    - url: mqtts://${SPARE_HOST}:8883\n  returnMs: ${RETURN_MS}\n`,
  );

async function openSpare(world: Scenario): Promise<EmbeddedBroker> {
  const names = { group: "coast", edgeNode: "pumping-station", site: "coast", device: "pumping-station" };
  const access = gatewayAccess(names);
  const broker = await openBroker({
    clock,
    network: world.network,
    target: { kind: "tcp", host: SPARE_HOST, port: 8883 },
    material: pki.broker(SPARE_HOST),
    access: () => access,
  });
  broker.record.watch((received) => world.host.receive(received));
  return broker;
}

test("a gateway that loses its broker again and again, for a second or for minutes, loses no value in silence", async () => {
  await using world = await scenario(clock, { edit: withSpare });
  await using spare = await openSpare(world);
  await world.pass(MINUTE_MS);
  const served = new Set<string>();
  for (const awayMs of [1_000, 10_000, 3 * MINUTE_MS, 500, MINUTE_MS]) {
    await world.broker.stop();
    await world.pass(awayMs);
    served.add((await world.status()).uplink?.broker ?? "");
    await world.broker.start();
    await world.pass(2 * MINUTE_MS);
    const { uplink } = await world.status();
    expect(uplink).toMatchObject({ state: "online", broker: `mqtts://${BROKER_HOST}:8883` });
  }
  expect(served).toContain(`mqtts://${SPARE_HOST}:8883`);
  await spare.stop();
  await world.broker.stop();
  await world.pass(MINUTE_MS);
  await spare.start();
  await world.pass(MINUTE_MS);
  expect((await world.status()).uplink?.broker).toBe(`mqtts://${SPARE_HOST}:8883`);
  await world.broker.start();
  await world.pass(3 * MINUTE_MS);
  const { lost, delivered } = ledger(world);
  expect(lost).toEqual([]);
  expect(delivered).toBeGreaterThan(1_000);
  const { field } = await world.status();
  expect(field?.queue.dropped).toBe(0);
  expect(world.host.breaches).toEqual([]);
  expect(world.failures).toEqual([]);
});

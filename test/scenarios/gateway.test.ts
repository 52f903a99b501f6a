import { afterAll, beforeAll, expect, test } from "vitest";
import type { GatewayStatus } from "../../agent/contract/status.ts";
import { virtualClock } from "../../simulator/clock.ts";
import { seededEntropy } from "../../simulator/entropy.ts";
import { virtualTime } from "../agent/uplink/world.ts";
import { LINE_PATH, ledger, scenario } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

test("the plant's truth arrives at the host: values, quality, order, acknowledged", async () => {
  await using world = await scenario(clock);
  await world.pass(120_000);
  expect(world.host.breaches).toEqual([]);
  expect(world.failures).toEqual([]);
  expect(Number(world.host.current.get("pump-1/starts"))).toBeGreaterThan(0); // the well filled and a pump ran
  expect(world.host.current.get("level-transmitter/tag")).toBe("LT-101");
  const status = await world.status(true);
  const points = status.field?.buses.flatMap((bus) => bus.devices.flatMap((device) => device.points)) ?? [];
  expect(points.filter((point) => point.quality !== "good")).toEqual([]);
  expectOnlyTheNewestWaiting(status);
  expect(ledger(world).lost).toEqual([]);
});

test("the gateway boots and polls with no network, and what it saw arrives later as history", async () => {
  await using world = await scenario(clock, { brokerDown: true });
  await world.pass(60_000);
  const alone = await world.status();
  expect(alone.uplink?.state).not.toBe("online");
  expect(alone.field?.buses.every((bus) => bus.state === "open")).toBe(true);
  expect(alone.field?.queue.sampled).toBeGreaterThan(50);
  await world.broker.start();
  await world.pass(65_000);
  expect((await world.status()).uplink?.state).toBe("online");
  const early = world.host.values.filter((value) => value.sequence === 0);
  expect(early.length).toBeGreaterThan(3);
  expect(early.every((value) => value.historical)).toBe(true);
  expect(world.host.breaches).toEqual([]);
  expect(ledger(world).lost).toEqual([]);
});

test("uplink stopped for ten seconds: polling misses no period and nothing is lost", async () => {
  await using world = await scenario(clock);
  await world.pass(20_000);
  await world.gateway.stop("uplink");
  await world.pass(10_000);
  world.gateway.start("uplink");
  await world.pass(20_000);
  // the level transmitter is asked in every 500 ms cycle
  const cycles = new Set(world.requestTimes(4).map((time) => Math.floor(time / 500)));
  expect(cycles.size).toBe(Math.max(...cycles) - Math.min(...cycles) + 1);
  expect((await world.status()).uplink?.state).toBe("online");
  expect(world.host.breaches).toEqual([]);
  expect(ledger(world).lost).toEqual([]);
});

test("field stopped and started works again within two seconds from its last good configuration, without keeper", async () => {
  await using world = await scenario(clock);
  await world.pass(10_000);
  await world.gateway.stop("keeper");
  await world.gateway.stop("field");
  const boots = new Set(world.host.values.map((value) => value.bootId)).size;
  world.gateway.start("field");
  const before = world.host.values.length;
  await world.pass(2_000);
  expect(world.requestTimes(4).some((time) => time > clock.monotonicMs() - 2_000)).toBe(true);
  await world.pass(5_000);
  expect(world.host.values.length).toBeGreaterThan(before);
  expect(new Set(world.host.values.map((value) => value.bootId)).size).toBe(boots + 1);
  expect(world.host.breaches).toEqual([]);
  world.gateway.start("keeper");
  await world.pass(2_000);
  expect((await world.status()).field).not.toBeNull();
});

test("keeper stopped: polling and publishing go on, and status works within two seconds of its return", async () => {
  await using world = await scenario(clock);
  await world.pass(10_000);
  await world.gateway.stop("keeper");
  const before = world.host.values.length;
  await world.pass(30_000);
  expect(world.host.values.length).toBeGreaterThan(before);
  world.gateway.start("keeper");
  await world.pass(2_000);
  const status = await world.status();
  expect(status.field?.configDigest).toBe(status.uplink?.configDigest);
  expect(world.host.births).toHaveLength(1);
});

test("the serial adapter pulled out makes its points stale, and plugged in again they are good within two seconds", async () => {
  await using world = await scenario(clock);
  await world.pass(10_000);
  world.serial.vanish(LINE_PATH);
  await world.pass(5_000);
  const away = await world.status(true);
  const [line, ...others] = away.field?.buses ?? [];
  expect(line?.state).toBe("waiting");
  expect(line?.devices[0]?.points[0]).toMatchObject({ quality: "stale", reason: "bus-down" });
  expect(others.every((bus) => bus.state === "open" && bus.counters.timeouts === 0)).toBe(true);
  world.serial.restore(LINE_PATH);
  await world.pass(2_000);
  const back = await world.status(true);
  expect(back.field?.buses[0]?.state).toBe("open");
  expect(back.field?.buses[0]?.counters.reopened).toBe(1);
  expect(back.field?.buses[0]?.devices[0]?.points[0]?.quality).toBe("good");
  expect(world.host.verbs("DDEATH", "DBIRTH")).toContain("DDEATH pump-1");
  expect(world.host.breaches).toEqual([]);
});

test("a change to one bus restarts that bus alone", async () => {
  await using world = await scenario(clock);
  await world.pass(20_000);
  const before = await world.status();
  await world.apply((yaml) =>
    yaml.replace(
      "name: flow-meter\n        unit: 1\n        pollMs: 500",
      "name: flow-meter\n        unit: 1\n        pollMs: 250",
    ),
  );
  await world.pass(10_000);
  const after = await world.status();
  const requests = (status: typeof before) => status.field?.buses.map((bus) => bus.counters.requests) ?? [];
  const [lineBefore = 0, flowBefore = 0, panelBefore = 0] = requests(before);
  const [lineAfter = 0, flowAfter = 0, panelAfter = 0] = requests(after);
  expect(lineAfter).toBeGreaterThan(lineBefore);
  expect(panelAfter).toBeGreaterThan(panelBefore);
  expect(flowAfter).toBeLessThan(flowBefore + 60); // counted from 0 again
  expect(after.field?.configDigest).not.toBe(before.field?.configDigest);
  expect(world.host.breaches).toEqual([]);
  expect(ledger(world).lost).toEqual([]);
});

test("a configuration file that does not compile changes nothing and is told to everyone", async () => {
  await using world = await scenario(clock);
  await world.pass(5_000);
  const before = await world.status();
  const finding = { code: "CONFIG_KEY_UNKNOWN", line: 3, column: 1, path: "busses", message: "unknown", hint: "buses" };
  await world.ask({ kind: "report-config", report: { file: "gateway.yaml", findings: [finding] } });
  await world.pass(5_000);
  const after = await world.status();
  expect(after.field?.configDigest).toBe(before.field?.configDigest);
  expect(after.configReport?.findings).toEqual([finding]);
  expect(world.host.configs.at(-1)?.configReport?.findings).toEqual([finding]);
  await world.apply();
  await world.pass(2_000);
  expect((await world.status()).configReport).toBeNull();
  expect(world.host.configs.at(-1)?.configReport).toBeNull();
});

test("a broker that accepts and never answers is left, named, and tried again; the field does not notice", async () => {
  await using world = await scenario(clock);
  await world.pass(5_000);
  world.broker.acceptAndNeverAnswer("tls");
  world.broker.disconnectClients();
  await world.pass(60_000);
  const away = await world.status();
  expect(away.uplink?.state).not.toBe("online");
  expect(away.uplink?.lastFault?.code).toMatch(/TIMEOUT|SILENT|NO_ANSWER|UNANSWERED/);
  expect(away.field?.buses.every((bus) => bus.state === "open" && bus.counters.latePolls === 0)).toBe(true);
  world.broker.answerAgain();
  await world.pass(90_000);
  expect((await world.status()).uplink?.state).toBe("online");
  expect(ledger(world).lost).toEqual([]);
});

test.each([1, 2, 3])(
  "a bad time (seed %i): faults on every bus, the broker, uplink and keeper; nothing is lost in silence",
  async (seed) => {
    await using world = await scenario(clock, { seed });
    const dice = seededEntropy(seed * 7_919);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(dice.fraction() * items.length)] as T;
    await world.pass(5_000);
    for (let trial = 0; trial < 30; trial++) {
      const device = pick(Object.values(world.station.devices));
      device.inject({
        kind: pick([
          "silence",
          "lost-reply",
          "crc-error",
          "short-frame",
          "long-frame",
          "wrong-unit",
          "half-reply",
        ] as const),
        count: 3,
      });
      const trouble = pick(["broker", "uplink", "keeper", "line", "disconnect", "none"] as const);
      if (trouble === "broker") await world.broker.stop();
      if (trouble === "uplink" || trouble === "keeper") await world.gateway.stop(trouble);
      if (trouble === "line") world.serial.vanish(LINE_PATH);
      if (trouble === "disconnect") world.broker.disconnectClients();
      await world.pass(Math.floor(dice.fraction() * 8_000));
      if (trouble === "broker") await world.broker.start();
      if (trouble === "uplink" || trouble === "keeper") world.gateway.start(trouble);
      if (trouble === "line") world.serial.restore(LINE_PATH);
      await world.pass(Math.floor(dice.fraction() * 8_000));
    }
    await world.pass(120_000);
    expect(world.failures).toEqual([]);
    expect(world.host.breaches).toEqual([]);
    const { lost, delivered } = ledger(world);
    expect(lost).toEqual([]);
    expect(delivered).toBeGreaterThan(500);
    const status = await world.status();
    expect(status.uplink?.state).toBe("online");
    expectOnlyTheNewestWaiting(status);
  },
);

/** What was sampled within the last second may still be on its way; nothing older may. */
function expectOnlyTheNewestWaiting(status: GatewayStatus): void {
  const { sampled = 0, acknowledged = 0, dropped = 0, values = 0 } = status.field?.queue ?? {};
  expect(sampled).toBeGreaterThan(0);
  expect(sampled - acknowledged - dropped).toBe(values);
  expect(values).toBeLessThan(50);
}

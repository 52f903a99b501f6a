import { afterAll, beforeAll, expect, test } from "vitest";
import { virtualClock } from "../../simulator/clock.ts";
import { virtualTime } from "../agent/uplink/world.ts";
import { scenario } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const RULES = `
derived:
  points:
    - { name: pumps-running, expression: 'if([pump-1/running], 1, 0) + if([pump-2/running], 1, 0)' }
alarms:
  rules:
    - name: level-stuck
      priority: high
      text: { en: The level does not move }
      unchanged: { point: level-transmitter/well-level, forMs: 30000, deadband: 0.002 }
    - name: level-unknown
      text: { en: Nobody knows the level }
      noValue: { point: level-transmitter/well-level }
    - name: both-pumps
      text: { en: Both pumps run }
      when: '[derived/pumps-running] == 2'
`;

test("a level transmitter stuck at its last good value is found, acknowledged, returns, and the host sees all of it", async () => {
  await using world = await scenario(clock, { edit: (yaml) => `${yaml}${RULES}` });
  await world.pass(120_000);
  const states = (): readonly unknown[] =>
    ["level-stuck", "level-unknown"].map((name) => world.host.current.get(`alarms/${name}`));
  expect(states()).toEqual(["normal", "normal"]);
  expect(Number(world.host.current.get("derived/pumps-running"))).toBeLessThanOrEqual(2);

  world.station.devices["level-transmitter"].inject({ kind: "stuck" });
  await world.pass(29_000);
  expect(states()[0]).toBe("normal");
  await world.pass(6_000);
  const status = await world.status(true);
  const level = status.field?.buses[0]?.devices.find(({ name }) => name === "level-transmitter")?.points[0];
  // nothing else would have told: the device answers, and its value is good
  expect(level).toMatchObject({ quality: "good", reason: "ok" });
  expect(status.field?.alarms?.shown.filter(({ name }) => name !== "no-communication-loss-timer")).toEqual([
    expect.objectContaining({
      name: "level-stuck",
      state: "raised",
      evidence: expect.stringMatching(/well-level is .* m and has not moved for 30 s/u),
    }),
  ]);
  expect(states()).toEqual(["raised", "normal"]);

  const reply = await world.ask({
    kind: "alarm",
    action: "acknowledge",
    alarm: "level-stuck",
    by: "ann",
    reason: "going there",
  });
  expect(reply).toMatchObject({ kind: "done" });
  expect(reply).not.toHaveProperty("refused");
  await world.pass(2_000);
  expect(states()[0]).toBe("acknowledged");
  world.station.devices["level-transmitter"].clear("stuck");
  await world.pass(4_000);
  expect(states()[0]).toBe("normal");
  expect(world.host.breaches).toEqual([]);
  expect(world.failures).toEqual([]);
});

test("a restart of field in the middle of an alarm tells nobody twice", async () => {
  await using world = await scenario(clock, { edit: (yaml) => `${yaml}${RULES}` });
  await world.pass(20_000);
  world.station.devices["level-transmitter"].inject({ kind: "silence" });
  await world.pass(10_000);
  await world.ask({ kind: "alarm", action: "acknowledge", alarm: "level-unknown", by: "ann", reason: "" });
  await world.gateway.stop("field");
  world.gateway.start("field");
  await world.pass(60_000);
  const alarm = (await world.status()).field?.alarms?.shown.find(({ name }) => name === "level-unknown");
  expect(alarm).toMatchObject({ state: "acknowledged", active: true, raisedCount: 0 });
  expect(world.host.breaches).toEqual([]);
});

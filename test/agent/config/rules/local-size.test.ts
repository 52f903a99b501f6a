import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { checkFieldSnapshot } from "../../../../agent/field/configuration/check.ts";
import { POINTS_PER_SOURCE_MAX, SOURCES_MAX } from "../../../../agent/contract/telemetry.ts";
import { RIGHT, compile, refusals } from "../gateway-file.ts";

const TIMEOUT_MS = 60_000;
const LONG = "x".repeat(50);
const ALARMS = {
  rules: Array.from({ length: 4_900 }, (_, n) => ({
    name: `a${n}-${LONG}`,
    text: { en: "x" },
    noValue: { point: "meter-1/power" },
  })),
};
const DERIVED = {
  points: Array.from({ length: 1_000 }, (_, n) => ({ name: `d${n}-${LONG}`, expression: "'x'", unit: "m" })),
};

/** The right file with so many more points, on as many devices as they need, and other top-level keys. */
function file(points: number, more: object): string {
  const whole = parse(RIGHT) as { uplink: { broker: object }; buses: object[] };
  whole.uplink.broker = { ...whole.uplink.broker, packetBytesMax: 1_048_576 };
  const devices = Array.from({ length: Math.ceil(points / 5_000) }, (_, d) => ({
    name: `more-${d}`,
    unit: d + 1,
    pollMs: 86_400_000,
    timeoutMs: 10,
    points: Array.from({ length: Math.min(5_000, points - d * 5_000) }, (_empty, p) => ({
      name: `p${p}`,
      table: "holding-register",
      address: p,
    })),
  }));
  whole.buses.push({ name: "more", tcp: { host: "192.0.2.9" }, devices });
  return stringify({ ...whole, ...more });
}

function taken(text: string): boolean {
  const compiled = compile(text);
  if ("report" in compiled) {
    expect(compiled.report.findings.map(({ code }) => code)).toEqual(["CONFIG_SIZE"]);
    return false;
  }
  // whatever passes here must pass the door of `field`, too
  expect(() => checkFieldSnapshot(JSON.parse(JSON.stringify(compiled.snapshot.field)))).not.toThrow();
  return true;
}

test("alarms and derived points count towards what fits between the rooms", { timeout: TIMEOUT_MS }, () => {
  expect(POINTS_PER_SOURCE_MAX).toBeGreaterThan(5_000);
  expect(taken(file(5_000, { alarms: ALARMS, derived: DERIVED }))).toBe(true);
  expect(taken(file(32_000, { alarms: ALARMS }))).toBe(false);
  expect(taken(file(32_000, { derived: DERIVED }))).toBe(false);
});

test("the gateway's own parts are sources like devices", () => {
  const devices = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => ({
      name: `more-${from + n}`,
      unit: n + 1,
      pollMs: 600_000,
      points: [{ name: "p", table: "coil", address: 0 }],
    }));
  const whole = parse(RIGHT) as { buses: object[] };
  for (let from = 3; from < SOURCES_MAX; from += 200)
    whole.buses.push({
      name: `bus-${from}`,
      tcp: { host: `192.0.2.${50 + Math.floor(from / 200)}` },
      devices: devices(from, Math.min(200, SOURCES_MAX - from)),
    });
  expect(refusals(stringify(whole))).toEqual([]);
  expect(refusals(stringify({ ...whole, alarms: {} }))).toEqual(["CONFIG_SIZE buses"]);
});

import { expect, test } from "vitest";
import { silentLog } from "../../../agent/contract/log.ts";
import { watchOwnCertificate } from "../../../agent/uplink/own-certificate.ts";
import type { ClockTrust } from "../../../hal/clock.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { anyBroker } from "./any-broker.ts";

const DAY_MS = 86_400_000;
const startMs = Date.UTC(2026, 0, 1);
const certificateOf = (days: number): string =>
  demoPki({ validity: { fromMs: startMs, toMs: startMs + days * DAY_MS } }).gateway("gw-1").certificate;
const certificate = certificateOf(100);

/** A watch that began on that day, and what it says. */
function watching(day: number, material: () => Promise<string>) {
  const said: unknown[] = [];
  const clock = virtualClock({ startUnixMs: startMs + day * DAY_MS });
  const log = { ...silentLog, warn: (event: string, fields?: object) => void said.push([event, fields]) };
  const watch = watchOwnCertificate({ clock, log, material: async () => ({ certificate: await material() }) });
  return { ...watch, clock, said, [Symbol.dispose]: () => watch[Symbol.dispose]() };
}

/** What is said on these days, one look after another. */
function warnings(pem: string, days: readonly number[], trust: ClockTrust): unknown[] {
  using watch = watching(0, () => Promise.resolve(pem));
  for (const day of days) {
    watch.clock.setWall(startMs + day * DAY_MS, trust);
    watch.used(pem, anyBroker);
  }
  return watch.said;
}

test.each<[number, ClockTrust, unknown[]]>([
  [10, "trusted", []],
  [70, "trusted", []],
  [71, "trusted", [["certificate.ends-soon", { daysLeft: 29 }]]],
  [101, "bounded", [["certificate.ended", { daysLeft: -1 }]]],
  [101, "untrusted", []],
])("on day %d of 100, by a clock that is %s", (day, trust, said) => {
  expect(warnings(certificate, [day], trust)).toEqual(said);
});

test("a certificate of a week is no reason to warn before its last third", () => {
  const week = certificateOf(6);
  expect(warnings(week, [0, 3], "trusted")).toEqual([]);
  expect(warnings(week, [5], "trusted")).toEqual([["certificate.ends-soon", { daysLeft: 1 }]]);
});

test("a day of reconnects says it once, the next day again", () => {
  expect(warnings(certificate, [80.1, 80.2, 80.3, 81.1], "trusted")).toEqual([
    ["certificate.ends-soon", { daysLeft: 19 }],
    ["certificate.ends-soon", { daysLeft: 18 }],
  ]);
});

test("two brokers with a certificate each are told of once a day each", () => {
  using watch = watching(80.5, () => Promise.resolve(certificate));
  const shorter = certificateOf(90);
  const other = { ...anyBroker, certificatePath: "/other.pem" };
  for (let i = 0; i < 3; i++) {
    watch.used(certificate, anyBroker);
    watch.used(shorter, other);
  }
  expect(watch.said).toEqual([
    ["certificate.ends-soon", { daysLeft: 19 }],
    ["certificate.ends-soon", { daysLeft: 9 }],
  ]);
});

test("a session that lasts for weeks hears of it, too, and no more once the file was renewed", async () => {
  let file = certificate;
  using watch = watching(69, () => Promise.resolve(file));
  watch.used(file, anyBroker);
  await watch.clock.advance(2.5 * DAY_MS);
  expect(watch.said).toEqual([
    ["certificate.ends-soon", { daysLeft: 29 }],
    ["certificate.ends-soon", { daysLeft: 28 }],
  ]);
  file = certificateOf(400);
  await watch.clock.advance(20 * DAY_MS);
  expect(watch.said).toHaveLength(2);
});

test("a file that is gone while a session lasts is told of before it is needed", async () => {
  using watch = watching(10, () => Promise.reject(new Error("does not exist")));
  watch.used(certificate, anyBroker);
  await watch.clock.advance(DAY_MS / 4);
  expect(watch.said).toEqual([["certificate.unreadable", { message: "does not exist" }]]);
});

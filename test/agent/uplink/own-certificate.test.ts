import { expect, test } from "vitest";
import { silentLog } from "../../../agent/contract/log.ts";
import { watchOwnCertificate } from "../../../agent/uplink/own-certificate.ts";
import type { ClockTrust } from "../../../hal/clock.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";

const DAY_MS = 86_400_000;
const startMs = Date.UTC(2026, 0, 1);
const certificateOf = (days: number): string =>
  demoPki({ validity: { fromMs: startMs, toMs: startMs + days * DAY_MS } }).gateway("gw-1").certificate;
const certificate = certificateOf(100);

/** What is said on these days, one look after another. */
function warnings(pem: string, days: readonly number[], trust: ClockTrust): unknown[] {
  const said: unknown[] = [];
  let day = 0;
  const clock = { wall: () => ({ unixMs: startMs + day * DAY_MS, trust }) };
  const look = watchOwnCertificate(clock, { ...silentLog, warn: (event, fields) => said.push([event, fields]) });
  for (day of days) look(pem);
  return said;
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

import { afterAll, beforeAll, expect, test } from "vitest";
import type { FileBus } from "../interop/peers/gateway-file.ts";
import { missingSequences } from "../interop/sparkplug/session.ts";
import { sampledHeights, startGateway } from "./harness/gateway.ts";
import type { RunningGateway } from "./harness/gateway.ts";
import { measured } from "./harness/measured.ts";
import { recordingDevice, serveRecording } from "./harness/recording-device.ts";
import type { RecordingDevice } from "./harness/recording-device.ts";
import { openStation } from "./harness/station.ts";
import type { Station } from "./harness/station.ts";

const NAMES = ["north", "south"] as const;
const POLL_MS = 250;
/** Two periods without a reading are a missed poll; less is this machine's scheduling. */
const MISSED_MS = 2 * POLL_MS;
/** What the requirements allow a killed process. */
const BACK_MS = 2_000;
const STARTING_MS = 30_000;

let held: AsyncDisposableStack;
let station: Station;
let gateway: RunningGateway;
let devices: readonly RecordingDevice[];

beforeAll(async () => {
  held = new AsyncDisposableStack();
  station = held.use(await openStation());
  devices = NAMES.map((_, i) => recordingDevice(station.clock, i + 1));
  const buses: FileBus[] = [];
  for (const [i, name] of NAMES.entries()) {
    const server = held.use(await serveRecording(station.clock, station.network, devices[i] as RecordingDevice));
    const points = [{ name: "count", table: "holding-register", address: 0 }] as const;
    buses.push({
      name: `${name}-bus`,
      tcp: { host: "127.0.0.1", port: server.port },
      devices: [{ name, unit: i + 1, pollMs: POLL_MS, points }],
    });
  }
  gateway = held.use(await startGateway(station.folder, station.file(buses)));
  await workingAgain();
}, STARTING_MS);

afterAll(() => held.disposeAsync());

/** Online, and as many values acknowledged as had been sampled when this was asked. */
async function workingAgain(): Promise<void> {
  const online = await gateway.until(
    "online and publishing",
    ({ field, uplink }) => uplink?.state === "online" && (field?.queue.acknowledged ?? 0) > 2,
  );
  const sampled = online.field?.queue.sampled ?? 0;
  await gateway.until("acknowledged", ({ field }) => (field?.queue.acknowledged ?? 0) >= sampled);
}

function longestPauseMs(fromMs: number): number {
  return Math.max(...devices.map((device) => device.longestPauseMs(fromMs, station.clock.monotonicMs())));
}

test("uplink killed: no poll period is missed, it is back and online, and nothing is lost", async () => {
  const killedMs = station.clock.monotonicMs();
  const births = station.session().bdSeqs.length;
  gateway.kill("uplink");
  await station.published("a birth of the next uplink", ({ bdSeqs }) => bdSeqs.length > births);
  measured("uplink killed, born again", station.clock.monotonicMs() - killedMs);
  await workingAgain();
  expect(measured("uplink killed, longest pause between polls", longestPauseMs(killedMs))).toBeLessThan(MISSED_MS);
  const now = await gateway.status();
  const bootId = now.field?.bootId ?? "";
  const whole = await station.published(
    "all that was sampled",
    (session) => missingSequences(session, bootId, sampledHeights(now)).length === 0,
  );
  expect(whole.violations).toEqual([]);
});

test("broker stopped: polling misses no period, and what was sampled meanwhile arrives as history when it is back", async () => {
  const stoppedMs = station.clock.monotonicMs();
  const born = station.session().bdSeqs.length;
  await station.broker.stop();
  const waiting = await gateway.until(
    "values waiting",
    ({ field, uplink }) => uplink?.state !== "online" && (field?.queue.values ?? 0) >= 8,
  );
  expect(waiting.uplink?.lastFault?.code).toMatch(/^(HAL|UPLINK)_/);
  await station.broker.start();
  await station.published("births after it", ({ bdSeqs }) => bdSeqs.length > born);
  const now = await gateway.status();
  const whole = await station.published(
    "all that was sampled",
    (session) => missingSequences(session, now.field?.bootId ?? "", sampledHeights(now)).length === 0,
  );
  expect(whole.values.filter(({ metric }) => metric.historical).length).toBeGreaterThanOrEqual(8);
  expect(whole.violations).toEqual([]);
  expect(measured("broker away, longest pause between polls", longestPauseMs(stoppedMs))).toBeLessThan(MISSED_MS);
});

test("keeper killed: it answers again within 2 s, and polling and publishing go on undisturbed", async () => {
  const killedMs = station.clock.monotonicMs();
  const before = station.session();
  gateway.kill("keeper");
  await gateway.until("keeper answers", ({ field, uplink }) => field !== null && uplink !== null);
  expect(measured("keeper killed, status again", station.clock.monotonicMs() - killedMs)).toBeLessThan(BACK_MS);
  const status = await gateway.command("status", "--json", "--points");
  expect(JSON.parse(status.output)).toMatchObject({ site: "yard", uplink: { state: "online" }, configReport: null });
  expect(status.code).toBe(0);
  await station.published("more marks", ({ marks }) => marks.length > before.marks.length + 5);
  expect(measured("keeper killed, longest pause between polls", longestPauseMs(killedMs))).toBeLessThan(MISSED_MS);
  const after = station.session();
  expect(after.bdSeqs).toEqual(before.bdSeqs);
  expect(after.order.filter((kind) => kind !== "NDEATH" && kind.includes("DEATH"))).toEqual([]);
});

test("field killed: it polls and its values are published again within 2 s, under a new boot id", async () => {
  const bootId = (await gateway.status()).field?.bootId;
  const killedMs = station.clock.monotonicMs();
  gateway.kill("field");
  await gateway.until("values of the next field", ({ field }) => field !== null && field.queue.acknowledged > 0);
  const back = station.clock.monotonicMs() - killedMs;
  expect(measured("field killed, its values acknowledged again", back)).toBeLessThan(BACK_MS);
  expect(measured("field killed, longest pause between polls", longestPauseMs(killedMs))).toBeLessThan(BACK_MS);
  const next = (await gateway.status()).field?.bootId;
  expect(next).not.toBe(bootId);
  const session = await station.published("values of the new boot", ({ values }) =>
    values.some((value) => value.bootId === next),
  );
  expect(session.violations).toEqual([]);
});

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startChild } from "../interop/peers/child.ts";
import type { FileBus, GatewayFile } from "../interop/peers/gateway-file.ts";
import { configText } from "../interop/peers/gateway-file.ts";
import { missingSequences } from "../interop/sparkplug/session.ts";
import { PATIENCE_MS, sampledHeights, startGateway } from "./harness/gateway.ts";
import type { RunningGateway } from "./harness/gateway.ts";
import { measured } from "./harness/measured.ts";
import { recordingDevice, serveRecording } from "./harness/recording-device.ts";
import { EDGE, openStation } from "./harness/station.ts";
import type { Station } from "./harness/station.ts";

const TEST_MS = 40_000;
const POLL_MS = 250;
const MISSED_MS = 2 * POLL_MS;
const FIELD_PROCESS = join(import.meta.dirname, "..", "..", "agent", "process", "field.ts");

let held: AsyncDisposableStack;
let station: Station;

beforeAll(async () => {
  held = new AsyncDisposableStack();
  station = held.use(await openStation());
});

afterAll(() => held.disposeAsync());

async function stand(name: string, unit: number) {
  const recorder = recordingDevice(station.clock, unit);
  const server = held.use(await serveRecording(station.clock, station.network, recorder));
  const bus = (pollMs: number): FileBus => ({
    name: `${name}-bus`,
    tcp: { host: "127.0.0.1", port: server.port },
    devices: [{ name, unit, pollMs, points: [{ name: "count", table: "holding-register", address: 0 }] }],
  });
  return { recorder, server, bus };
}

function publishedReport(): { findings: readonly { code: string }[] } | null | undefined {
  const topic = `holdfast/v1/${EDGE.site}/${EDGE.device}/config`;
  const message = station.broker.record.kept.findLast((one) => one.topic === topic);
  if (message === undefined) return undefined;
  const text = Buffer.from(message.payload).toString("utf8");
  return (JSON.parse(text) as { configReport: { findings: readonly { code: string }[] } | null }).configReport;
}

test(
  "started with no broker it polls, keeps what it samples, and delivers all of it later",
  { timeout: TEST_MS },
  async () => {
    await station.broker.stop();
    const { recorder, bus } = await stand("early", 1);
    await using gateway = await startGateway(join(station.folder, "early"), station.file([bus(POLL_MS)]));
    const alone = await gateway.until("values waiting", ({ field }) => (field?.queue.values ?? 0) >= 5);
    expect(alone.uplink).toMatchObject({ connects: 0, lastFault: { code: "HAL_CONNECT_REFUSED" } });
    expect(recorder.readMs.length).toBeGreaterThanOrEqual(5);
    await station.broker.start();
    const connected = await gateway.until("online", ({ uplink }) => uplink?.state === "online");
    const bootId = connected.field?.bootId ?? "";
    const heights = sampledHeights(connected);
    const session = await station.published(
      "all that was sampled",
      (captured) => missingSequences(captured, bootId, heights).length === 0,
    );
    expect(heights["early"]).toBeGreaterThanOrEqual(4);
    expect(session.violations).toEqual([]);
    expect(session.values.find((value) => value.sequence === 0)?.metric.historical).toBe(true);
  },
);

test(
  "a bad file changes nothing but what status and the config topic say, until a good one comes",
  { timeout: TEST_MS },
  async () => {
    const { recorder, bus } = await stand("steady", 2);
    const file = station.file([bus(POLL_MS)]);
    await using gateway = await startGateway(join(station.folder, "steady"), file);
    const good = await online(gateway);
    const fromMs = station.clock.monotonicMs();

    await gateway.writeConfig(configText(file).replace('"pollMs"', '"pollMilliseconds"'));
    const bad = await gateway.until("the finding", ({ configReport }) => configReport !== null);
    expect(bad.configReport?.findings[0]).toMatchObject({ code: "CONFIG_KEY_UNKNOWN" });
    expect(bad.configReport?.findings[0]?.line).toBeGreaterThan(1);
    expect(bad.field?.configDigest).toBe(good.field?.configDigest);
    const shown = await gateway.command("status");
    expect(shown.code).toBe(1);
    expect(shown.output).toContain("CONFIG_KEY_UNKNOWN");
    await vi.waitFor(() => expect(publishedReport()?.findings[0]?.code).toBe("CONFIG_KEY_UNKNOWN"), {
      timeout: PATIENCE_MS,
    });

    await gateway.writeConfig("buses: [\n\t");
    await gateway.until("another finding", ({ configReport }) =>
      (configReport?.findings ?? []).some(({ code }) => code === "CONFIG_YAML_SYNTAX"),
    );

    await gateway.writeConfig({ ...file, buses: [bus(POLL_MS * 2)] });
    await gateway.until(
      "the good file applied",
      ({ configReport, field, uplink }) =>
        configReport === null &&
        field?.configDigest !== good.field?.configDigest &&
        uplink?.configDigest === field?.configDigest,
    );
    await vi.waitFor(() => expect(publishedReport()).toBe(null), { timeout: PATIENCE_MS });
    const pauseMs = recorder.longestPauseMs(fromMs, station.clock.monotonicMs());
    expect(measured("bad files, longest pause between polls", pauseMs)).toBeLessThan(2 * MISSED_MS);
  },
);

test("a change to one bus leaves the connection and the polling of the other alone", { timeout: TEST_MS }, async () => {
  const changed = await stand("changed", 3);
  const untouched = await stand("untouched", 4);
  const file = (pollMs: number): GatewayFile => station.file([changed.bus(pollMs), untouched.bus(POLL_MS)]);
  await using gateway = await startGateway(join(station.folder, "both"), file(POLL_MS));
  const before = await online(gateway);
  const fromMs = station.clock.monotonicMs();
  await gateway.writeConfig(file(POLL_MS * 4));
  await gateway.until("applied", ({ field }) => field?.configDigest !== before.field?.configDigest);
  await gateway.until("both online", ({ field }) => field?.buses.every((bus) => bus.devices[0]?.online) ?? false);
  const pauseMs = untouched.recorder.longestPauseMs(fromMs, station.clock.monotonicMs());
  expect(measured("other bus changed, longest pause between polls", pauseMs)).toBeLessThan(MISSED_MS);
  expect(untouched.server.counters.accepted).toBe(1);
  expect(changed.server.counters.accepted).toBe(2);
  expect(station.session().violations).toEqual([]);
});

test("a change to a file that the configuration extends is noticed and applied", { timeout: TEST_MS }, async () => {
  const { bus } = await stand("extended", 6);
  const folder = join(station.folder, "extended");
  await mkdir(folder, { recursive: true });
  const file = (pollMs: number): string => configText(station.file([bus(pollMs)]));
  await writeFile(join(folder, "station.yaml"), file(POLL_MS));
  await using gateway = await startGateway(folder, "extends: station.yaml\n");
  const before = await online(gateway);
  await writeFile(join(folder, "station.yaml"), file(POLL_MS * 2));
  const digest = before.field?.configDigest;
  await gateway.until("applied", ({ field }) => field !== null && field.configDigest !== digest);
  await writeFile(join(folder, "station.yaml"), "site: [\n");
  const bad = await gateway.until("the finding", ({ configReport }) => configReport !== null);
  expect(bad.configReport?.findings[0]).toMatchObject({ code: "CONFIG_YAML_SYNTAX", file: "station.yaml" });
});

test("field polls from its last good configuration with no other process there", { timeout: TEST_MS }, async () => {
  const { recorder, bus } = await stand("alone", 5);
  const gateway = await startGateway(join(station.folder, "alone"), station.file([bus(POLL_MS)]));
  await online(gateway);
  await gateway.supervisor.stop("SIGTERM");
  const readings = recorder.readMs.length;
  const places = [`--state=${gateway.stateFolder}`, `--run=${gateway.runFolder}`];
  await using field = startChild(process.execPath, [FIELD_PROCESS, ...places]);
  await vi.waitFor(() => expect(recorder.readMs.length).toBeGreaterThan(readings + 3), { timeout: PATIENCE_MS });
  expect(await field.stop("SIGTERM")).toBe(0);
});

test("with a bad file and no earlier configuration it says why and ends", { timeout: TEST_MS }, async () => {
  const { path } = held.use(await (await import("../interop/peers/temp-folder.ts")).tempFolder());
  await using gateway = await startGateway(path, "site: yard\ndevice: [\n");
  expect(await gateway.supervisor.ended).toBe(1);
  expect(gateway.supervisor.errors.join("\n")).toContain("CONFIG_YAML_SYNTAX");
});

async function online(gateway: RunningGateway) {
  return await gateway.until(
    "online",
    ({ field, uplink }) =>
      uplink?.state === "online" && (field?.buses.every((bus) => bus.devices[0]?.online === true) ?? false),
  );
}

import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { PATIENCE_MS, processesNaming, startGateway } from "./harness/gateway.ts";
import { recordingDevice, serveRecording } from "./harness/recording-device.ts";
import { openStation } from "./harness/station.ts";

const TEST_MS = 40_000;

async function running(stack: AsyncDisposableStack) {
  const station = stack.use(await openStation());
  const recorder = recordingDevice(station.clock, 1);
  const server = stack.use(await serveRecording(station.clock, station.network, recorder));
  const points = [{ name: "count", table: "holding-register", address: 0 }] as const;
  const bus = { name: "bus", tcp: { host: "127.0.0.1", port: server.port }, devices: [{ name: "d", unit: 1, points }] };
  const gateway = stack.use(await startGateway(station.folder, station.file([bus])));
  await gateway.until("online", ({ uplink }) => uplink?.state === "online");
  return { station, server, gateway };
}

async function socketsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isSocket()).map((entry) => join(entry.parentPath, entry.name));
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s says goodbye to the broker and leaves no process, no socket and no connection behind",
  { timeout: TEST_MS },
  async (signal) => {
    await using stack = new AsyncDisposableStack();
    const { station, server, gateway } = await running(stack);
    expect(await gateway.supervisor.stop(signal)).toBe(0);
    expect(await processesNaming(gateway.runFolder)).toEqual([]);
    expect(await socketsIn(gateway.runFolder)).toEqual([]);
    const last = await station.published("the goodbye", ({ order }) => order.at(-1) === "NDEATH");
    expect(last.violations).toEqual([]);
    expect(station.broker.record.kept.some(({ will }) => will)).toBe(false);
    expect(station.broker.clients()).toEqual([]);
    expect(server.connections()).toBe(0);
  },
);

test("a killed supervisor takes its processes with it", { timeout: TEST_MS }, async () => {
  await using stack = new AsyncDisposableStack();
  const { gateway } = await running(stack);
  await gateway.supervisor.stop("SIGKILL");
  await vi.waitFor(async () => expect(await processesNaming(gateway.runFolder)).toEqual([]), { timeout: PATIENCE_MS });
});

test("certificates of the demo are refused, and the refusal is what status says", { timeout: TEST_MS }, async () => {
  await using stack = new AsyncDisposableStack();
  const station = stack.use(await openStation());
  const { DEMO_ORGANISATION } = await import("../../agent/process/tls-material.ts");
  const { sitePki } = await import("../interop/peers/pki.ts");
  const demo = await (await sitePki(station.folder, "demo", DEMO_ORGANISATION)).client("gateway");
  const file = station.file([
    {
      name: "bus",
      tcp: { host: "127.0.0.1", port: 1 },
      devices: [{ name: "d", unit: 1, points: [{ name: "p", table: "coil", address: 0 }] }],
    },
  ]);
  const broker = {
    ...file.uplink.broker,
    anchors: demo.anchorsPath,
    certificate: demo.certificatePath,
    key: demo.keyPath,
  };
  const gateway = stack.use(await startGateway(station.folder, { ...file, uplink: { ...file.uplink, broker } }));
  const status = await gateway.until("the refusal", ({ uplink }) => uplink?.lastFault !== undefined);
  expect(status.uplink).toMatchObject({ connects: 0, lastFault: { code: "HAL_TLS_MATERIAL" } });
  expect(status.uplink?.lastFault?.message).toContain("made by the demo");
  expect(station.broker.counters.accepted).toBe(0);
  expect(existsSync(gateway.controlPath)).toBe(true);
});

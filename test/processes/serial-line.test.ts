import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serveRtu } from "../../simulator/modbus/index.ts";
import { openPty } from "../../simulator/pty.ts";
import type { FileBus } from "../interop/peers/gateway-file.ts";
import { startGateway } from "./harness/gateway.ts";
import { measured } from "./harness/measured.ts";
import { recordingDevice, serveRecording } from "./harness/recording-device.ts";
import { openStation } from "./harness/station.ts";

const LINE = { baudRate: 115_200, parity: "even", dataBits: 8, stopBits: 1 } as const;
const FILE_LINE = { baudRate: LINE.baudRate, parity: LINE.parity, stopBits: LINE.stopBits };
const TEST_MS = 60_000;
/** What the requirements allow a port that came back. */
const BACK_MS = 2_000;
const POINTS = [{ name: "count", table: "holding-register", address: 0, heartbeatMs: 1_000 }] as const;

/** A configuration names a port below `/dev`, and this is the folder there that a test may write to. */
const linkPath = (): string => join("/dev/shm", `hf-${randomUUID()}`);

test(
  "a serial adapter pulled out and plugged in again is polled within 2 s, and the other bus never noticed",
  { timeout: TEST_MS },
  async () => {
    const pollMs = 200;
    await using stack = new AsyncDisposableStack();
    const station = stack.use(await openStation());
    const { clock } = station;
    const [wired, networked] = [recordingDevice(clock, 1), recordingDevice(clock, 2)];
    const path = linkPath();
    const server = stack.use(await serveRecording(clock, station.network, networked));
    const buses: FileBus[] = [
      {
        name: "line",
        rtu: { path, ...FILE_LINE },
        devices: [{ name: "wired", unit: 1, pollMs, points: POINTS }],
      },
      {
        name: "socket",
        tcp: { host: "127.0.0.1", port: server.port },
        devices: [{ name: "networked", unit: 2, pollMs, points: POINTS }],
      },
    ];
    // Started before the adapter is there: a process started later would inherit our end of it, and hold it open.
    const gateway = stack.use(await startGateway(station.folder, station.file(buses)));
    const missing = await gateway.until("the missing port", ({ field }) => field?.buses[0]?.lastFault !== undefined);
    expect(missing.field?.buses[0]).toMatchObject({ state: "waiting", lastFault: { code: "HAL_PORT_UNKNOWN" } });
    const pty = stack.use(await openPty({ clock, linkPath: path }));
    stack.use(serveRtu({ clock, wire: pty.wire(LINE), line: LINE, devices: [wired.device] }));
    await gateway.until(
      "both polled and online",
      ({ field, uplink }) =>
        uplink?.state === "online" && (field?.buses.every((bus) => bus.devices[0]?.online === true) ?? false),
    );

    const pulledMs = clock.monotonicMs();
    pty.vanish();
    const away = await gateway.until("the port gone", ({ field }) => field?.buses[0]?.state !== "open");
    expect(away.field?.buses[0]?.lastFault?.code).toMatch(/^HAL_PORT_/);
    await gateway.until("stale values", ({ field }) => field?.buses[0]?.devices[0]?.points[0]?.reason === "bus-down");
    await station.published("the death of the device", ({ order }) => order.includes("DDEATH wired"));

    const pluggedMs = clock.monotonicMs();
    pty.restore();
    const readings = wired.readMs.length;
    await gateway.until("polled again", ({ field }) => field?.buses[0]?.devices[0]?.points[0]?.quality === "good");
    const backMs = (wired.readMs[readings] ?? Number.POSITIVE_INFINITY) - pluggedMs;
    expect(measured("adapter plugged in, polled again", backMs)).toBeLessThan(BACK_MS);
    await station.published("the second birth of the device", ({ births }) => births.has("wired"));
    const pauseMs = networked.longestPauseMs(pulledMs, clock.monotonicMs());
    expect(measured("adapter out and in, longest pause of the other bus", pauseMs)).toBeLessThan(2 * pollMs);
    const [line] = (await gateway.status()).field?.buses ?? [];
    expect(line?.counters.reopened).toBeGreaterThan(0);
    expect(station.session().violations).toEqual([]);
    await stack.disposeAsync();
    expect(existsSync(path)).toBe(false);
  },
);

test(
  "one of 32 slaves on a line powered off costs the others at most 5 % of their period, and is polled again when it is back",
  { timeout: TEST_MS },
  async () => {
    const pollMs = 500;
    const windowMs = 6_000;
    await using stack = new AsyncDisposableStack();
    const station = stack.use(await openStation());
    const { clock } = station;
    const slaves = Array.from({ length: 32 }, (_, i) => recordingDevice(clock, i + 1));
    const pty = stack.use(await openPty({ clock, linkPath: linkPath() }));
    stack.use(serveRtu({ clock, wire: pty.wire(LINE), line: LINE, devices: slaves.map(({ device }) => device) }));
    const devices = slaves.map(({ device: { unit } }) => ({
      name: `slave-${unit}`,
      unit,
      pollMs,
      timeoutMs: 150,
      probeMsMax: 1_000,
      points: POINTS,
    }));
    const bus = { name: "line", rtu: { path: pty.path, ...FILE_LINE }, devices };
    const gateway = stack.use(await startGateway(station.folder, station.file([bus])));
    const allOnline = (dead?: string) =>
      gateway.until(`all but ${dead ?? "none"} online`, ({ field }) => {
        const states = field?.buses[0]?.devices ?? [];
        return states.length === devices.length && states.every(({ name, online }) => online === (name !== dead));
      });
    await allOnline();

    const [dead] = slaves.splice(12, 1);
    if (dead === undefined) throw new RangeError("there are 32");
    dead.device.inject({ kind: "silence" });
    await allOnline("slave-13");
    const fromMs = clock.monotonicMs();
    await new Promise<void>((resolve) => void clock.after(windowMs, resolve));
    const toMs = clock.monotonicMs();
    const periods = slaves.map(({ readMs }) => {
      const within = readMs.filter((ms) => ms >= fromMs && ms <= toMs);
      return ((within.at(-1) ?? 0) - (within[0] ?? 0)) / (within.length - 1);
    });
    console.log(
      JSON.stringify(slaves.map(({ readMs }) => readMs.filter((ms) => ms >= fromMs && ms <= toMs).length)),
      JSON.stringify(periods),
    );
    const [line] = (await gateway.status()).field?.buses ?? [];
    expect(
      periods.every(Number.isFinite),
      `readings: ${slaves.map(({ readMs }) => readMs.length).join()}; ${JSON.stringify(line)}`,
    ).toBe(true);
    const worstMs = Math.max(...periods);
    expect(measured(`one of 32 off, longest mean period of the others (${pollMs} ms wanted)`, worstMs)).toBeLessThan(
      1.05 * pollMs,
    );
    const offline = line?.devices.filter(({ online }) => !online);
    expect(offline?.map(({ name }) => name)).toEqual(["slave-13"]);

    dead.device.clear();
    await allOnline();
  },
);

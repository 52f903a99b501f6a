import { expect, test, vi } from "vitest";
import type { HealthMessage } from "../../agent/contract/health.ts";
import { PATIENCE_MS, sampledHeights, startGateway } from "../processes/harness/gateway.ts";
import type { RunningGateway } from "../processes/harness/gateway.ts";
import type { FileBus, FileDevice } from "./peers/gateway-file.ts";
import { observe, publish } from "./peers/observer.ts";
import type { Observer } from "./peers/observer.ts";
import { EDGE, LINE, LINE_UNIT, openWorks, worksFile } from "./peers/works.ts";
import type { Works } from "./peers/works.ts";
import { requires } from "./requires.ts";
import { encodeCommand } from "./sparkplug/oracle.ts";
import type { OracleMetric } from "./sparkplug/oracle.ts";
import { markedHeights, missingSequences, readSession } from "./sparkplug/session.ts";
import type { CapturedSession } from "./sparkplug/session.ts";

const BROKERED = requires("gcc", "libmodbus", "mosquitto", "mosquitto-clients");
/** devices behind the socket */
const NETWORKED = ["flow", "energy", "valve"] as const;
const WIRED = "pump";
const SOURCES = [...NETWORKED, WIRED] as const;
const POLL_MS = 50;
const FLOW = Math.fround(12.345);
const ENERGY = 2n ** 63n + 12_345n;
/** more than once round seq */
const MESSAGES_WANTED = 300;
const TEST_MS = 60_000;

/** A heartbeat shorter than the period samples every poll, changed or not. */
function device(name: string, unit: number): FileDevice {
  return {
    name,
    unit,
    pollMs: POLL_MS,
    points: [
      { name: "flow", table: "input-register", address: 0, type: "float32", unit: "m3/h", low: 0, high: 100 },
      { name: "energy", table: "holding-register", address: 10, type: "uint64" },
      { name: "ticks", table: "holding-register", address: 0, heartbeatMs: 1 },
      { name: "running", table: "discrete-input", address: 3 },
      { name: "setpoint", table: "holding-register", address: 50, output: {} },
    ],
  };
}

function buses(works: Works): readonly FileBus[] {
  const networked = NETWORKED.map((name, i) => device(name, i + 1));
  return [
    { name: "socket", tcp: { host: "127.0.0.1", port: works.device.port }, devices: networked },
    { name: "line", rtu: { path: works.linePath, ...LINE }, devices: [device(WIRED, LINE_UNIT)] },
  ];
}

async function prepare(works: Works): Promise<void> {
  for (const server of [works.device, works.lineDevice]) {
    await server.put("float32", "abcd", "input-register", 0, FLOW);
    await server.put("uint64", "abcd", "holding-register", 10, ENERGY);
    await server.set("discrete-input", 3, 1);
  }
}

/** One observer, or what several saw one after another. */
type Seeing = Pick<Observer, "seen">;

const read = (observer: Seeing): CapturedSession => readSession(observer.seen, EDGE);

/** Waits until what the observer saw holds true. */
function seen(observer: Seeing, what: string, wanted: (session: CapturedSession) => boolean): Promise<CapturedSession> {
  return vi.waitFor(
    () => {
      const session = read(observer);
      if (!wanted(session)) throw new Error(`the observer never saw ${what}: ${session.order.slice(-20).join(", ")}`);
      return session;
    },
    { timeout: PATIENCE_MS, interval: 50 },
  );
}

/** What a host knows of a point: a device may be born before all of it was read. */
function told(session: CapturedSession, source: string, name: string): OracleMetric | undefined {
  const latest = session.values.findLast((value) => value.source === source && value.name === name);
  return latest?.metric ?? session.births.get(source)?.get(name);
}

function bootIdOf(session: CapturedSession): string {
  return String(session.nodeBirth.get("Holdfast/Boot Id")?.value);
}

function latestHealth(observer: Seeing): HealthMessage {
  const message = observer.seen.findLast(({ topic }) => topic === `holdfast/v1/${EDGE.site}/${EDGE.device}/health`);
  if (message === undefined) throw new Error("no health was published");
  expect(message.qos).toBe(1);
  return JSON.parse(message.payload.toString("utf8")) as HealthMessage;
}

async function online(gateway: RunningGateway): Promise<void> {
  await gateway.until("online", (status) => status.uplink?.state === "online" && status.uplink.marksAcknowledged > 0);
}

BROKERED("Mosquitto between the gateway and mosquitto_sub", () => {
  test.each([
    { protocol: "5", negotiated: "5" },
    { protocol: "3.1.1", negotiated: "3.1.1" },
    { protocol: "auto", negotiated: "5" },
  ] as const)(
    "what libmodbus holds arrives over MQTT $protocol, in a session another decoder finds right",
    { timeout: TEST_MS },
    async ({ protocol, negotiated }) => {
      await using works = await openWorks();
      await prepare(works);
      await using observer = await observe(works.broker, works.watcher, "watcher");
      await using gateway = await startGateway(works.folder, worksFile(works, buses(works), { protocol }));
      await online(gateway);
      expect((await gateway.status()).uplink?.protocol).toBe(negotiated);

      const live = await seen(observer, "a full turn of seq", ({ order }) => order.length > MESSAGES_WANTED);
      expect([...live.births.keys()].toSorted()).toEqual(SOURCES.toSorted());
      for (const source of SOURCES) {
        expect(told(live, source, "energy")).toMatchObject({ type: "UInt64", value: ENERGY });
        expect(told(live, source, "flow")).toMatchObject({ type: "Float", value: FLOW });
        expect(told(live, source, "running")).toMatchObject({ type: "Boolean", value: true });
        expect(live.births.get(source)?.get("flow")?.properties).toMatchObject({ engUnit: "m3/h", engHigh: 100 });
      }
      expect(latestHealth(observer)).toMatchObject({ online: true, uplink: { writesRefused: 0 } });

      await works.device.put("float32", "abcd", "input-register", 0, 77.5);
      await seen(observer, "the changed flow", ({ values }) => values.some((value) => value.metric.value === 77.5));

      await gateway.supervisor.stop("SIGTERM");
      const whole = await seen(observer, "the goodbye", ({ order }) => order.at(-1) === "NDEATH");
      expect(whole.violations).toEqual([]);
      expect(latestHealth(observer).online).toBe(false);
      const heights = markedHeights(whole, bootIdOf(whole));
      expect(Object.keys(heights).toSorted()).toEqual(SOURCES.toSorted());
      expect(missingSequences(whole, bootIdOf(whole), heights)).toEqual([]);
      const flows = new Set(whole.values.filter(({ name }) => name === "flow").map(({ metric }) => metric.value));
      expect(flows.isSubsetOf(new Set([FLOW, 77.5]))).toBe(true);
    },
  );

  test(
    "a Rebirth command causes births, any other write is refused, counted and shown",
    { timeout: TEST_MS },
    async () => {
      await using works = await openWorks();
      await prepare(works);
      await using observer = await observe(works.broker, works.watcher, "watcher");
      await using gateway = await startGateway(works.folder, worksFile(works, buses(works)));
      await online(gateway);
      const births = await seen(observer, "births of all devices", (session) => session.births.size === SOURCES.length);
      const nodeCommand = `spBv1.0/${EDGE.group}/NCMD/${EDGE.node}`;
      const rebirth = encodeCommand([{ name: "Node Control/Rebirth", type: "Boolean", value: true }]);
      await publish(works.broker, works.operator, nodeCommand, rebirth);
      const reborn = await seen(observer, "another birth", ({ bdSeqs }) => bdSeqs.length === births.bdSeqs.length + 1);
      expect(new Set(reborn.bdSeqs).size).toBe(1);

      const write = encodeCommand([{ name: "setpoint", type: "Int32", value: 99 }]);
      await publish(works.broker, works.operator, `spBv1.0/${EDGE.group}/DCMD/${EDGE.node}/flow`, write);
      const refused = await gateway.until("the refusal", ({ uplink }) => (uplink?.writesRefused ?? 0) > 0);
      expect(refused.uplink?.writesRefused).toBe(1);
      await vi.waitFor(() => expect(latestHealth(observer).uplink.writesRefused).toBe(1), { timeout: PATIENCE_MS });
      expect(await works.device.get("holding-register", 50)).toBe(0);

      await publish(works.broker, works.operator, nodeCommand, Buffer.from("not a payload at all"));
      await gateway.until("the malformed command", ({ uplink }) => uplink?.malformedMessages === 1);
      expect(read(observer).violations).toEqual([]);
    },
  );

  test(
    "uplink killed: the broker publishes the Will of that session, and the next one loses nothing",
    { timeout: TEST_MS },
    async () => {
      await using works = await openWorks();
      await prepare(works);
      await using observer = await observe(works.broker, works.watcher, "watcher");
      await using gateway = await startGateway(works.folder, worksFile(works, buses(works)));
      await online(gateway);
      const first = await seen(observer, "some data", ({ values }) => values.length > 20);
      const bdSeq = first.bdSeqs.at(-1) ?? 0;
      gateway.kill("uplink");
      const next = await seen(observer, "a birth of the next uplink", ({ bdSeqs }) => bdSeqs.at(-1) !== bdSeq);
      expect(next.order).toContain("NDEATH");
      expect(next.bdSeqs.at(-1)).toBe((bdSeq + 1) % 256);
      const heights = sampledHeights(await gateway.status());
      const settled = await seen(
        observer,
        "all that was sampled",
        (session) => missingSequences(session, bootIdOf(session), heights).length === 0,
      );
      expect(Math.min(...Object.values(heights))).toBeGreaterThan(5);
      expect(settled.violations).toEqual([]);
    },
  );

  test(
    "the broker stopped and started: what was sampled meanwhile arrives as historical and no sequence is missing",
    { timeout: TEST_MS },
    async () => {
      await using works = await openWorks();
      await prepare(works);
      await using first = await observe(works.broker, works.watcher, "watcher");
      await using gateway = await startGateway(works.folder, worksFile(works, buses(works)));
      await online(gateway);
      const before = await seen(first, "some data", ({ values }) => values.length > 20);

      await works.broker.stop();
      const waiting = await gateway.until(
        "values waiting for the broker",
        ({ field, uplink }) => uplink?.state !== "online" && (field?.queue.values ?? 0) > 40,
      );
      expect(waiting.uplink?.lastFault?.code).toMatch(/^[A-Z_]+$/);
      // held still until somebody watches: whatever it publishes before that would be missing from the record
      const uplink = gateway.pidOf("uplink") ?? 0;
      process.kill(uplink, "SIGSTOP");
      await first[Symbol.asyncDispose]();
      await works.broker.start();
      await using second = await observe(works.broker, works.watcher, "watcher");
      process.kill(uplink, "SIGCONT");
      await online(gateway);
      const heights = sampledHeights(await gateway.status());
      const both: Seeing = {
        get seen() {
          return [...first.seen, ...second.seen];
        },
      };
      const after = await seen(
        both,
        "the backlog",
        (session) =>
          new Set(session.bdSeqs).size >= 2 && missingSequences(session, bootIdOf(session), heights).length === 0,
      );
      const backlog = after.values.filter(({ metric }) => metric.historical);
      expect(backlog.length).toBeGreaterThan(40);
      expect(after.values.length).toBeGreaterThan(before.values.length + backlog.length / 2);
      expect(after.violations).toEqual([]);
    },
  );
});

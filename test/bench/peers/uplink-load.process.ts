import { readFileSync } from "node:fs";
import type { BrokerSnapshot } from "../../../agent/config/snapshot.ts";
import type { Batch, Roster } from "../../../agent/contract/telemetry.ts";
import { credentials } from "../../../agent/uplink/credentials.ts";
import { openConnection } from "../../../agent/uplink/mqtt/open-connection.ts";
import { MARKS_IN_FLIGHT_MAX } from "../../../agent/uplink/session/limits.ts";
import { Telemetry } from "../../../agent/uplink/session/telemetry.ts";
import { linuxClock } from "../../../hal/linux/clock.ts";
import { linuxNetwork } from "../../../hal/linux/network.ts";
import { peerOptions, servePeer } from "../machine/peer-side.ts";
import { GATEWAY } from "./identities.ts";
import type { PemPaths } from "./pki.ts";

/**
 * The gateway's own way from a batch of values to an acknowledged mark, as fast as it goes: session, encoder and
 * connection of the product in a process of their own, told what `field` would say. Only its pace is another: a round
 * follows as soon as the one before is out and values may be held, not each publishing period.
 */
export interface UplinkLoadOptions {
  readonly port: number;
  readonly material: PemPaths;
  /** messages before the clock runs */
  readonly warmUp: number;
  readonly messages: number;
  /** messages for each mark */
  readonly sources: number;
  /** in one message */
  readonly values: number;
}

export interface UplinkLoadResult {
  readonly seconds: number;
  readonly messages: number;
  /** payloads alone, in the mean */
  readonly dataBytes: number;
  readonly markBytes: number;
}

const options = peerOptions() as UplinkLoadOptions;
const broker: BrokerSnapshot = {
  transport: "tcp",
  host: "127.0.0.1",
  port: options.port,
  path: "/",
  serverName: "127.0.0.1",
  tlsVersionMin: "1.3",
  hybridOnly: false,
  protocol: "3.1.1",
  clientId: "bench-uplink",
  keepaliveS: 30,
  keepaliveSMin: 15,
  connectTimeoutMs: 15_000,
  retryMsMin: 1_000,
  retryMsMax: 60_000,
  packetBytesMax: 262_144,
  retains: true,
  anchorsPath: options.material.anchors,
  certificatePath: options.material.certificate,
  keyPath: options.material.key,
};
const clock = linuxClock();
const material = () =>
  Promise.resolve({
    anchors: readFileSync(broker.anchorsPath, "utf8"),
    certificate: readFileSync(broker.certificatePath, "utf8"),
    key: readFileSync(broker.keyPath, "utf8"),
  });
const connection = await openConnection(
  { clock, network: linuxNetwork() },
  {
    broker,
    credentials: await credentials(material)(broker, "hybrid"),
    keepaliveS: broker.keepaliveS,
    version: "3.1.1",
    will: () => Promise.resolve({ topic: "spBv1.0/bench/NDEATH/gateway-1", payload: Buffer.alloc(24) }),
    filters: ["spBv1.0/bench/NCMD/gateway-1"],
    subscribeRefused() {},
    message() {},
    oversize() {},
  },
  new AbortController().signal,
);
void connection.closed.then((why) => {
  process.stderr.write(`${why.message}\n`);
  process.exit(1);
});

const counters = { dataMessages: 0, births: 0, writesRefused: 0, marksSent: 0, marksAcknowledged: 0 };
const bytes = { data: 0, mark: 0 };
const telemetry = new Telemetry({ clock, version: "bench", counters, events: { birthTooLarge() {} } });
/** The same in every batch: making them is the load's work, not the gateway's. */
const columns = {
  points: Array.from({ length: options.values }, (_, i) => i),
  values: Array.from({ length: options.values }, (_, i) => i + 0.5),
  qualities: Array.from({ length: options.values }, () => 0),
  times: Array.from({ length: options.values }, () => clock.wall().unixMs),
};
let credit = 0;
let fed = 0;
telemetry.fieldOpened((message) => {
  if (message.kind === "credit") credit = message.values;
});
telemetry.receive(roster());
telemetry.brokerOpened({ ...GATEWAY, managementPrefix: "holdfast/v1" }, 0, {
  ...connection,
  publish(topic, payload, traffic) {
    if (topic.includes("/DDATA/")) bytes.data += payload.length;
    connection.publish(topic, payload, traffic);
  },
  publishAcknowledged(topic, payload, ...rest) {
    bytes.mark += payload.length;
    connection.publishAcknowledged(topic, payload, ...rest);
  },
});
telemetry.round();
servePeer({}, run);

async function run(): Promise<UplinkLoadResult> {
  await carry(options.warmUp);
  const before = { ...bytes };
  const { dataMessages, marksSent } = counters;
  const startMs = performance.now();
  await carry(options.messages);
  const seconds = (performance.now() - startMs) / 1_000;
  const messages = counters.dataMessages - dataMessages;
  return {
    seconds,
    messages,
    dataBytes: (bytes.data - before.data) / messages,
    markBytes: (bytes.mark - before.mark) / (counters.marksSent - marksSent),
  };
}

/** Until the last mark is acknowledged. */
async function carry(messages: number): Promise<void> {
  const { sources, values } = options;
  const valuesInRound = sources * values;
  let rounds = Math.ceil(messages / sources);
  while (rounds > 0 || counters.marksAcknowledged < counters.marksSent) {
    const marks = counters.marksSent - counters.marksAcknowledged;
    if (rounds > 0 && marks < MARKS_IN_FLIGHT_MAX && fed + valuesInRound <= credit) {
      rounds -= 1;
      columns.times.fill(clock.wall().unixMs);
      for (let source = 0; source < sources; source++) telemetry.receive(batch(source, fed / sources));
      fed += valuesInRound;
      telemetry.round();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function roster(): Roster {
  const points = Array.from({ length: options.values }, (_, i) => ({
    name: `point-${i}`,
    type: "float64" as const,
    output: false,
    value: 0,
    quality: 0,
    timeMs: 0,
  }));
  const sources = Array.from({ length: options.sources }, (_, i) => ({
    name: `device-${i}`,
    bus: "bus",
    online: true,
    points,
  }));
  return { kind: "roster", bootId: "bench", revision: 0, sources };
}

function batch(source: number, first: number): Batch {
  return { kind: "batch", revision: 0, source, first, trust: "trusted", ...columns };
}

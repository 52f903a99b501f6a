import { afterAll, beforeAll, expect, test } from "vitest";
import { PROFILES } from "../../../agent/config/profiles/index.ts";
import type { ProfileName } from "../../../agent/config/profiles/index.ts";
import type { BrokerSnapshot } from "../../../agent/config/snapshot.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { edited, refusals } from "../config/gateway-file.ts";
import { LONG_NAMES, compiledFor, profileWorld } from "./profile-world.ts";
import type { SourcePlan } from "./stand-in-field.ts";
import { virtualTime } from "./world.ts";

const clock = virtualClock();
let globals: Disposable;
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

const now = (): number => clock.wall().unixMs;
const NAMES = Object.keys(PROFILES) as ProfileName[];

/** A device whose birth fills a good part of a packet. */
function large(name: string, birthBytes: number): SourcePlan {
  const points = Array.from({ length: Math.floor(birthBytes / 175) }, (_, i) => ({
    name: `p${i}`.padEnd(64, "."),
    type: "float64" as const,
  }));
  return { name, points };
}

const small = (name: string): SourcePlan => ({ name, points: [{ name: "level", type: "float64" }] });

test.each(NAMES.flatMap((name) => (["5", "3.1.1"] as const).map((protocol) => [name, protocol] as const)))(
  "at the edge of what %s takes, over MQTT %s, no limit is broken and no value lost",
  async (name, protocol) => {
    const broker = compiledFor(name, { "uplink.broker.protocol": protocol });
    const many = Array.from({ length: 150 }, (_, i) => small(`${i}`.padStart(64, "n")));
    const sources = [
      ...["k", "l", "m", "o", "p", "q"].map((one) => large(one.repeat(64), broker.packetBytesMax ?? 0)),
      ...many,
    ];
    await using w = await profileWorld(clock, name, { broker, sources, part: LONG_NAMES });
    await w.pass(5_000);
    for (let round = 0; round < 40; round++) {
      for (const source of sources) w.field.sample(source.name, [[0, round]], now());
      await w.pass(250);
    }
    // what is sampled during an outage drains within the same limits
    w.network.refuse("broker.test", 8883);
    w.broker.disconnectClients();
    for (let round = 0; round < 20; round++) {
      for (const source of sources) w.field.sample(source.name, [[0, round]], now());
      await w.pass(1_000);
    }
    w.network.restore("broker.test", 8883);
    await w.pass(2 * 60_000);
    expect(Map.groupBy(w.broker.violations, ({ excess }) => excess)).toEqual(new Map());
    // this host wants the management topics retained
    const forgiven = broker.retains === true ? "" : "QoS or retain";
    expect(w.host.breaches.filter((breach) => forgiven === "" || !breach.endsWith(forgiven))).toEqual([]);
    expect(w.field.held()).toBe(0);
    expect(new Set(w.host.values.map(({ source, sequence }) => `${source} ${sequence}`)).size).toBe(156 * 60);
    expect(w.host.marks.flatMap(({ gaps }) => gaps)).toEqual([]);
    expect(await w.status()).toMatchObject({ state: "online", protocol, connects: 2 });
    const birth = w.host.heard.find(({ verb, device }) => verb === "DBIRTH" && device === sources[0]?.name);
    expect(birth?.received.payload.length).toBeGreaterThan(0.6 * (broker.packetBytesMax ?? 0));
  },
);

test.each(NAMES)(
  "however long %s is with its acknowledgements, no more messages wait for them than it takes",
  async (name) => {
    await using w = await profileWorld(clock, name, { broker: compiledFor(name, { "uplink.broker.protocol": "5" }) });
    await w.pass(1_000);
    w.broker.mischief.keepAcknowledgements = true;
    for (let round = 0; round < 120; round++) {
      w.field.sample("pump", [[0, round]], now());
      await w.pass(250);
    }
    expect(w.broker.violations).toEqual([]);
    expect((await w.status()).lastFault?.code).toBe("UPLINK_MARK_UNACKNOWLEDGED");
    w.broker.mischief.keepAcknowledgements = false;
    await w.pass(2 * 60_000);
    expect(w.field.held()).toBe(0);
  },
);

interface Beyond {
  readonly what: string;
  readonly profile: ProfileName;
  /** of the file */
  readonly edits: Readonly<Record<string, unknown>>;
  readonly refused: string;
  /** what a gateway would be told that did it nevertheless */
  readonly broker?: Partial<BrokerSnapshot>;
  readonly managementPrefix?: string;
  readonly anonymous?: true;
  readonly excess: string;
}

/** With the longest names and `/version` it is 257 bytes of topic. */
const LONG_PREFIX = `${"p".repeat(60)}/${"q".repeat(58)}`;

const BEYOND: readonly Beyond[] = [
  {
    what: "a management topic of 257 bytes",
    profile: "aws-iot-core",
    edits: {
      ...LONG_NAMES,
      sparkplug: undefined,
      "uplink.managementPrefix": LONG_PREFIX,
      "uplink.broker.clientId": "c",
    },
    refused: "CONFIG_TOPIC_SIZE uplink.managementPrefix",
    managementPrefix: LONG_PREFIX,
    excess: "topic",
  },
  {
    what: "no user name",
    profile: "azure-event-grid",
    edits: { "uplink.broker.username": undefined },
    refused: "CONFIG_KEY_MISSING uplink.broker",
    anonymous: true,
    excess: "username",
  },
  {
    what: "a keep-alive too long",
    profile: "azure-event-grid",
    edits: { "uplink.broker.keepaliveS": 1_161 },
    refused: "CONFIG_BROKER_LIMIT uplink.broker.keepaliveS",
    broker: { keepaliveS: 1_161 },
    excess: "keepalive",
  },
  {
    what: "a packet too long",
    profile: "aws-iot-core",
    edits: { "uplink.broker.packetBytesMax": 262_144 },
    refused: "CONFIG_BROKER_LIMIT uplink.broker.packetBytesMax",
    broker: { packetBytesMax: 262_144 },
    excess: "packet-size",
  },
];

test.each(BEYOND)("$what: $profile refuses it as `config check` does", async (beyond) => {
  const { profile, edits, refused, broker = {}, managementPrefix = "holdfast/v1", excess } = beyond;
  const username = PROFILES[profile].usernameNeeded ? "gateway-1" : undefined;
  const file = { "uplink.broker.profile": profile, "uplink.broker.username": username, ...edits };
  expect(refusals(edited(file))).toEqual([refused]);
  const { username: named, ...usual } = compiledFor(profile);
  await using w = await profileWorld(clock, profile, {
    broker: {
      ...usual,
      ...(named === undefined || beyond.anonymous === true ? {} : { username: named }),
      ...broker,
      protocol: "3.1.1",
    },
    part: { ...LONG_NAMES, managementPrefix },
    sources: [large("l", 250_000)],
  });
  await w.pass(3_000);
  expect(w.broker.violations).toContainEqual(expect.objectContaining({ excess }));
});

test.each([
  ["aws-iot-core", "publish-rate"],
  ["azure-event-grid", "retained"],
] as const)("without its profile the gateway breaks a limit of %s: %s", async (name, excess) => {
  const sources = Array.from({ length: 150 }, (_, i) => small(`n${i}`));
  const { publishesPerSecondMax: _m, bytesPerSecondMax: _b, ...unlimited } = compiledFor(name);
  await using w = await profileWorld(clock, name, {
    sources,
    broker: { ...unlimited, retains: true, protocol: "3.1.1" },
  });
  await w.pass(1_000);
  for (const source of sources) w.field.sample(source.name, [[0, 1]], now());
  await w.pass(2_000);
  expect(w.broker.violations).toContainEqual(expect.objectContaining({ excess }));
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { uplinkTestCommand } from "../../../agent/cli/uplink-test/command.ts";
import type { Finding } from "../../../agent/cli/uplink-test/finding.ts";
import type { GatewayFile } from "../../../agent/config/schema.ts";
import type { BrokerMaterial } from "../../../agent/uplink/credentials.ts";
import { HalError } from "../../../hal/error.ts";
import type { WayFinder } from "../../../hal/way-finder.ts";
import { demoPki } from "../../../scripts/pki/demo.ts";
import { gatewayAccess, openBroker } from "../../../simulator/broker/index.ts";
import type { Access } from "../../../simulator/broker/index.ts";
import { virtualClock } from "../../../simulator/clock.ts";
import { memoryNetwork } from "../../../simulator/network.ts";
import type { MemoryNetwork } from "../../../simulator/network.ts";
import { gatewayMaterial, pki, virtualTime } from "../uplink/world.ts";

const clock = virtualClock();
let globals: Disposable;
const HOST = "broker.test";
const brokerMaterial = pki.broker(HOST);
const portal = demoPki({ organisation: "Portal Inc" });
const stranger = portal.gateway("gw-1");
beforeAll(async () => {
  globals = await virtualTime(clock);
});
afterAll(() => globals[Symbol.dispose]());

type FileBroker = GatewayFile["uplink"]["broker"];
const FULL = gatewayAccess({ group: "harbour", edgeNode: "gw-1", site: "harbour", device: "gw-1" });
const REFUSING: WayFinder["lookup"] = () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }));

interface Stand {
  readonly access?: Access;
  readonly broker?: Partial<FileBroker>;
  readonly fallbacks?: GatewayFile["uplink"]["fallbacks"];
  readonly material?: () => Promise<BrokerMaterial>;
  readonly finder?: Partial<WayFinder>;
  readonly text?: string;
  /** whether a broker is there at all */
  readonly away?: boolean;
  /** of the broker's name; the broker is at the last of them */
  readonly addresses?: readonly string[];
  readonly prepare?: (network: MemoryNetwork) => unknown;
}

async function run(stand: Stand, ...args: readonly string[]) {
  const { addresses = [] } = stand;
  const network = memoryNetwork(clock, addresses.length === 0 ? {} : { names: { [HOST]: addresses } });
  await stand.prepare?.(network);
  await using broker = await openBroker({
    clock,
    network,
    target: { kind: "tcp", host: addresses.at(-1) ?? HOST, port: 8883 },
    material: brokerMaterial,
    access: () => stand.access ?? FULL,
  });
  if (stand.away === true) network.refuse(HOST, 8883);
  const file = {
    site: "harbour",
    device: "gw-1",
    uplink: {
      broker: {
        url: `mqtts://${HOST}`,
        anchors: "a",
        certificate: "c",
        key: "k",
        connectTimeoutMs: 5_000,
        ...stand.broker,
      },
      ...(stand.fallbacks === undefined ? {} : { fallbacks: stand.fallbacks }),
    },
    buses: [
      {
        name: "bus",
        tcp: { host: "127.0.0.1" },
        devices: [{ name: "pump", unit: 1, points: [{ name: "p", table: "holding-register", address: 0 }] }],
      },
    ],
  };
  let out = "";
  let err = "";
  let exit: number | undefined;
  void uplinkTestCommand(
    args,
    {
      clock,
      network,
      finder: {
        lookup: () => Promise.resolve(addresses.length === 0 ? ["192.0.2.7", "2001:db8::7"] : addresses),
        routeTo: () => Promise.resolve({ localAddress: "192.0.2.5", interfaceName: "eth0" }),
        ...stand.finder,
      },
      material: stand.material ?? (() => Promise.resolve(gatewayMaterial)),
      nonce: "nobody else says this",
      readFile: () => Promise.resolve(stand.text ?? JSON.stringify(file)),
    },
    { out: (text) => void (out += text), err: (text) => void (err += text), isTty: false, columns: 80 },
  ).then((code) => (exit = code));
  await clock.advanceUntil(() => exit !== undefined, 120_000);
  const published = broker.record.kept.map(({ topic }) => topic);
  return { exit, out, err, published, left: broker.clients() };
}

test("every step is told as it is taken, and what MQTT 3.1.1 cannot prove is not claimed", async () => {
  const { exit, out, err, left } = await run({}, "gateway.yaml");
  expect([exit, err]).toEqual([0, ""]);
  const lines = out.split("\n");
  expect(lines[0]).toBe("mqtts://broker.test:8883");
  expect(out).toContain("✓ name         broker.test is 192.0.2.7, 2001:db8::7");
  expect(out).toContain("✓ route        leaves by eth0 as 192.0.2.5");
  expect(out).toContain("✓ tls          TLSv1.3, TLS_AES_256_GCM_SHA384, key exchange X25519MLKEM768");
  expect(out).toContain(
    "the broker is: O=Holdfast demo, CN=broker.test; issued by O=Holdfast demo, CN=Demo CA; valid ",
  );
  expect(out).toContain("? mqtt         UPLINK_PROTOCOL_REFUSED: the broker does not take MQTT 5; going back to 3.1.1");
  expect(out).toContain("✓ mqtt         the broker takes harbour-gw-1-test over MQTT 3.1.1");
  expect(out).toContain("✓ subscribe ");
  expect(out).toContain("✓ echo         what the gateway says on holdfast/v1/harbour/gw-1/echo comes back");
  expect(out).toMatch(/\? node data +MQTT 3\.1\.1 has no way to refuse/);
  expect(left).toEqual([]);
});

test("hosts keep their picture: no birth, no death, no retained message, and no payload they could read", async () => {
  const { published } = await run({}, "gateway.yaml");
  expect(published).toEqual([
    "holdfast/v1/harbour/gw-1/echo",
    "spBv1.0/harbour/NDATA/gw-1",
    "spBv1.0/harbour/DDATA/gw-1/pump",
  ]);
});

test("a program reads every finding, and the passwords are in none", async () => {
  const material = () => Promise.resolve({ ...gatewayMaterial, password: "hunter2", proxyPassword: "hunter3" });
  const { out, exit } = await run({ material, broker: { username: "plant" } }, "--json", "gateway.yaml");
  const { brokers } = JSON.parse(out) as { brokers: { broker: string; ok: boolean; steps: Finding[] }[] };
  expect(exit).toBe(0);
  expect(brokers).toHaveLength(1);
  expect(brokers[0]).toMatchObject({ broker: "mqtts://broker.test:8883", ok: true });
  expect(brokers[0]?.steps.map(({ step }) => step)).toContain("echo");
  expect(out).not.toMatch(/hunter/);
  expect(out).not.toContain("PRIVATE KEY");
});

test("the gateway's own client id is used where it was asked for, and nowhere else", async () => {
  expect((await run({}, "--take-over", "gateway.yaml")).out).toContain("takes harbour-gw-1 over");
});

test.each<[string, Stand, string, string, string?]>([
  ["a name nobody knows", { finder: { lookup: REFUSING } }, "name", "HAL_NAME_UNRESOLVED", "name servers"],
  [
    "no route",
    { finder: { routeTo: () => Promise.reject(Object.assign(new Error("no"), { code: "ENETUNREACH" })) } },
    "route",
    "HAL_CONNECT_UNREACHABLE",
    "no route to 2001:db8::7 (ENETUNREACH)",
  ],
  ["a broker that is away", { away: true }, "tcp", "HAL_CONNECT_REFUSED", "check that the broker runs"],
  [
    "a proxy that is away",
    { broker: { proxy: { url: "http://proxy.test:3128" } } },
    "tcp",
    "UPLINK_PROXY_AWAY",
    "broker.test is for the proxy to resolve",
  ],
  [
    "another CA",
    { material: () => Promise.resolve({ ...gatewayMaterial, anchors: stranger.anchors }) },
    "tls",
    "UPLINK_BROKER_UNTRUSTED",
    "that is: another CA than the configured ones vouches for it",
  ],
  [
    "another name",
    { broker: { serverName: "other.test" } },
    "tls",
    "UPLINK_BROKER_WRONG_NAME",
    "shown: O=Holdfast demo, CN=broker.test",
  ],
  [
    "a file that is missing",
    { material: () => Promise.reject(new HalError("HAL_FILE_MISSING", "uplink.broker.key: /k does not exist")) },
    "material",
    "HAL_FILE_MISSING",
    "uplink.broker.key",
  ],
  [
    "rules that drop in silence",
    { access: { publish: [], subscribe: FULL.subscribe } },
    "echo",
    "UPLINK_PUBLISH_REFUSED",
  ],
  [
    "rules that refuse to listen",
    { access: { publish: FULL.publish, subscribe: [] } },
    "subscribe",
    "UPLINK_SUBSCRIBE_REFUSED",
  ],
])("%s: it stops there, by code, and says what to do", async (_what, stand, step, code, hint = "") => {
  const { exit, out } = await run(stand, "gateway.yaml");
  expect(exit).toBe(1);
  expect(out.split("\n").find((line) => line.startsWith("✗"))).toMatch(new RegExp(`^✗ ${step} +${code}: `));
  expect(out).toContain(hint);
});

/** A firewall that has never seen a ClientHello of two packets. */
const dropHybrid = (network: MemoryNetwork): void => network.dropLongBeginnings(1_200);

test("where the hybrid stalls, X25519 alone is tried, and what that means is told", async () => {
  const { exit, out } = await run({ prepare: dropHybrid }, "gateway.yaml");
  expect(exit).toBe(0);
  expect(out).toMatch(/^\? tls +UPLINK_TLS_TIMEOUT: no answer to the offer of X25519MLKEM768.*trying X25519 alone/m);
  expect(out).toMatch(/^✓ tls +TLSv1\.3, TLS_AES_256_GCM_SHA384, key exchange X25519 /m);
  expect(out).toContain("key exchange X25519, P-256; asked for broker.test");
  expect(out).toContain("something on the way drops first messages longer than one packet; after 3 such stalls");
});

test("where X25519 alone stalls as well, the hybrid is not blamed; where it is forbidden, it is not tried", async () => {
  const neither = await run({ prepare: (network) => network.dropLongBeginnings(1) }, "gateway.yaml");
  expect(neither.exit).toBe(1);
  expect(neither.out).toMatch(/^✗ tls +UPLINK_TLS_TIMEOUT: /m);
  expect(neither.out).toContain("the hybrid is not to blame");
  const forbidden = await run({ prepare: dropHybrid, broker: { hybridOnly: true } }, "gateway.yaml");
  expect(forbidden.exit).toBe(1);
  expect(forbidden.out).not.toMatch(/^\? tls/m);
  expect(forbidden.out).toContain("hybridOnly forbids to try X25519 alone");
});

const ADDRESSES = ["192.0.2.1", "192.0.2.2"] as const;
const WRONG = { kind: "tcp", host: ADDRESSES[0], port: 8883 } as const;

test("where what answers at one address of a name never speaks TLS, the others are tried", async () => {
  const prepare = (network: MemoryNetwork) => network.listen(WRONG, () => {});
  const { exit, out } = await run({ addresses: ADDRESSES, prepare }, "gateway.yaml");
  expect(exit).toBe(0);
  expect(out).toContain("no answer at 192.0.2.1; trying the other addresses of broker.test");
  expect(out).toMatch(/^✓ tcp +connected to 192\.0\.2\.2 port 8883/m);
  expect(out).toContain("key exchange X25519MLKEM768");
});

test("whoever answers in the broker's place is told by name, and the other addresses are tried", async () => {
  const prepare = (network: MemoryNetwork) =>
    openBroker({ clock, network, target: WRONG, material: portal.broker(HOST), access: () => FULL });
  const { exit, out } = await run({ addresses: ADDRESSES, prepare }, "gateway.yaml");
  expect(exit).toBe(0);
  expect(out).toMatch(/^\? tls +UPLINK_BROKER_UNTRUSTED: nothing came of 192\.0\.2\.1: /m);
  expect(out).toContain("shown: O=Portal Inc, CN=broker.test; issued by O=Portal Inc, CN=Demo CA");
  expect(out).toContain("expected: a certificate vouched for by O=Holdfast demo, CN=Demo CA");
});

test("each broker of the list is walked, or the one that was asked for", async () => {
  const fallbacks = [{ url: "mqtts://second.test" }];
  const both = await run({ fallbacks }, "gateway.yaml");
  expect(both.exit).toBe(1);
  expect(both.out).toContain("mqtts://second.test:8883\n");
  expect((await run({ fallbacks }, "--broker", "1", "gateway.yaml")).exit).toBe(0);
  for (const wrong of ["0", "3", "x", "1.5"]) {
    const { exit, err } = await run({ fallbacks }, "--broker", wrong, "gateway.yaml");
    expect([wrong, exit]).toEqual([wrong, 2]);
    expect(err).toContain("from 1 to 2");
  }
});

test("used wrongly, or on a file that is wrong, it says so before anything is sent", async () => {
  expect((await run({})).exit).toBe(2);
  expect((await run({}, "a", "b")).exit).toBe(2);
  expect((await run({}, "--nonsense", "a")).exit).toBe(2);
  const wrong = await run({ text: "site: harbour\nuplnk: {}\n" }, "gateway.yaml");
  expect(wrong.exit).toBe(1);
  expect(wrong.err).toContain("gateway.yaml");
});

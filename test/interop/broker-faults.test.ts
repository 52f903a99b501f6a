import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { expect, test } from "vitest";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { recordingDevice, serveRecording } from "../processes/harness/recording-device.ts";
import type { FileBus, GatewayFile } from "./peers/gateway-file.ts";
import { startInnerGateway } from "./peers/inner-gateway.ts";
import type { InnerGateway } from "./peers/inner-gateway.ts";
import { startMosquitto } from "./peers/mosquitto.ts";
import type { Mosquitto } from "./peers/mosquitto.ts";
import { observe, publish } from "./peers/observer.ts";
import { sitePki } from "./peers/pki.ts";
import type { Site, SiteParty } from "./peers/pki.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { ACL, EDGE, GATEWAY_IDENTITY, worksFile } from "./peers/works.ts";
import { requires } from "./requires.ts";
import { readSession } from "./sparkplug/session.ts";

const CONNECT_TIMEOUT_MS = 1_000;
const TEST_MS = 30_000;
const POLL_MS = 100;

interface Stand extends AsyncDisposable {
  readonly folder: string;
  readonly site: Site;
  readonly brokerParty: SiteParty;
  readonly gatewayParty: SiteParty;
  readonly gateway: InnerGateway;
  readonly readings: readonly number[];
  file(port: number, party: SiteParty, broker?: Partial<GatewayFile["uplink"]["broker"]>): GatewayFile;
}

async function openStand(stack: AsyncDisposableStack): Promise<Stand> {
  const folder = stack.use(await tempFolder()).path;
  const clock = linuxClock();
  const recorder = recordingDevice(clock, 1);
  const server = stack.use(await serveRecording(clock, linuxNetwork(), recorder));
  const bus: FileBus = {
    name: "bus",
    tcp: { host: "127.0.0.1", port: server.port },
    devices: [{ name: "d", unit: 1, pollMs: POLL_MS, points: [{ name: "p", table: "holding-register", address: 0 }] }],
  };
  const site = await sitePki(folder);
  return {
    folder,
    site,
    brokerParty: await site.broker("localhost", "127.0.0.1"),
    gatewayParty: await site.client(GATEWAY_IDENTITY),
    gateway: stack.use(await startInnerGateway(folder)),
    readings: recorder.readMs,
    file: (port, gateway, broker = {}) =>
      worksFile({ broker: { port }, gateway }, [bus], { connectTimeoutMs: CONNECT_TIMEOUT_MS, ...broker }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The fault with this code in status, while the device goes on being polled. */
async function expectFault(stand: Stand, code: string | RegExp): Promise<string> {
  const status = await stand.gateway.until(String(code), ({ uplink }) =>
    new RegExp(code).test(uplink?.lastFault?.code ?? ""),
  );
  const readings = stand.readings.length;
  await stand.gateway.until("polling goes on", () => stand.readings.length > readings + 2);
  return status.uplink?.lastFault?.message ?? "";
}

const mosquitto = ({ folder, brokerParty }: Stand): Promise<Mosquitto> =>
  startMosquitto({ folder, credentials: brokerParty, acl: ACL });

requires("mosquitto", "mosquitto-clients")("Mosquitto and a gateway that should not talk to each other", () => {
  test("a broker whose certificate another CA issued is not trusted", { timeout: TEST_MS }, async () => {
    await using stack = new AsyncDisposableStack();
    const stand = await openStand(stack);
    const broker = stack.use(await mosquitto(stand));
    const stranger = await sitePki(stand.folder, "other");
    const party = { ...stand.gatewayParty, anchorsPath: stranger.anchorsPath };
    await stand.gateway.apply(stand.file(broker.port, party));
    expect(await expectFault(stand, "^UPLINK_BROKER_UNTRUSTED$")).toContain("uplink.broker.anchors");
  });

  test("a broker with a certificate in another name is not trusted", { timeout: TEST_MS }, async () => {
    await using stack = new AsyncDisposableStack();
    const stand = await openStand(stack);
    const broker = stack.use(await mosquitto(stand));
    await stand.gateway.apply(stand.file(broker.port, stand.gatewayParty, { serverName: "broker.elsewhere.example" }));
    expect(await expectFault(stand, "^UPLINK_BROKER_WRONG_NAME$")).toContain("uplink.broker.serverName");
  });

  test("a gateway whose certificate the broker does not accept says so", { timeout: TEST_MS }, async () => {
    await using stack = new AsyncDisposableStack();
    const stand = await openStand(stack);
    const broker = stack.use(await mosquitto(stand));
    const stranger = await (await sitePki(stand.folder, "other")).client(GATEWAY_IDENTITY);
    const party = { ...stranger, anchorsPath: stand.gatewayParty.anchorsPath };
    await stand.gateway.apply(stand.file(broker.port, party));
    // Mosquitto closes without an alert, or resets the connection before it can be read
    const refusal = "^(UPLINK_CREDENTIAL_REFUSED|UPLINK_CONNECT_CLOSED|UPLINK_CONNECTION_LOST)$";
    expect(await expectFault(stand, refusal)).toContain("uplink.broker.certificate");
  });

  test(
    "an ACL that forbids the gateway its topics is a fault, and lifting it mends it",
    { timeout: TEST_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const stand = await openStand(stack);
      const broker = stack.use(await mosquitto(stand));
      await broker.setAcl("user watcher\ntopic read #\n");
      await stand.gateway.apply(stand.file(broker.port, stand.gatewayParty, { protocol: "5" }));
      expect(await expectFault(stand, "^UPLINK_PUBLISH_REFUSED$")).toContain("spBv1.0");
      const refused = await stand.gateway.until("still nothing acknowledged", () => true);
      expect(refused.uplink?.marksAcknowledged).toBe(0);
      expect(refused.field?.queue.acknowledged).toBe(0);
      await broker.setAcl(ACL);
      const observer = stack.use(await observe(broker, await stand.site.client("watcher"), "watcher"));
      await stand.gateway.until("acknowledged", ({ field }) => (field?.queue.acknowledged ?? 0) > 0);
      expect(readSession(observer.seen, EDGE).violations).toEqual([]);
    },
  );

  test(
    "a command larger than a packet may be is never taken and costs no connection: MQTT 5 keeps it away, 3.1.1 drops it",
    { timeout: TEST_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const stand = await openStand(stack);
      const broker = stack.use(await mosquitto(stand));
      const operator = await stand.site.client("operator");
      const huge = Buffer.alloc(300_000, 7);
      const topic = `spBv1.0/${EDGE.group}/NCMD/${EDGE.node}`;
      for (const protocol of ["5", "3.1.1"] as const) {
        await stand.gateway.apply(stand.file(broker.port, stand.gatewayParty, { protocol }));
        const before = await stand.gateway.until(
          `online with MQTT ${protocol}`,
          ({ uplink }) => uplink?.state === "online" && uplink.protocol === protocol,
        );
        await publish(broker, operator, topic, huge);
        const wanted = protocol === "5" ? 0 : 1;
        const after = await stand.gateway.until(
          "online after it",
          ({ uplink, field }) =>
            uplink?.state === "online" &&
            uplink.oversizeMessages === wanted &&
            (field?.queue.acknowledged ?? 0) > (before.field?.queue.sampled ?? 0),
        );
        expect(after.uplink?.connects).toBe(before.uplink?.connects);
        expect(after.uplink?.malformedMessages).toBe(0);
      }
    },
  );
});

const PEERS = {
  "TCP and nothing more": { code: "^UPLINK_TLS_TIMEOUT$", listen: () => Promise.resolve(createServer()) },
  "TLS and nothing more": { code: "^UPLINK_CONNACK_TIMEOUT$", listen: silentTls },
  "TLS and then no MQTT": { code: "^UPLINK_PROTOCOL_ERROR$", listen: babblingTls },
} as const;

test.each(Object.entries(PEERS))(
  "a broker that answers with %s is a fault with a code of its own, and polling goes on",
  { timeout: TEST_MS },
  async (_name, { code, listen }) => {
    await using stack = new AsyncDisposableStack();
    const stand = await openStand(stack);
    const server = await listen(stand.brokerParty);
    const port = await listening(server, stack);
    await stand.gateway.apply(stand.file(port, stand.gatewayParty, { protocol: "3.1.1" }));
    await expectFault(stand, code);
    const status = await stand.gateway.until("another attempt", ({ uplink }) => (uplink?.attempts ?? 0) > 1);
    expect(status.uplink?.connects).toBe(0);
  },
);

async function silentTls(party: SiteParty): Promise<Server> {
  const [ca, cert, key] = await Promise.all([
    readFile(party.anchorsPath),
    readFile(party.certificatePath),
    readFile(party.keyPath),
  ]);
  return createTlsServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.3" });
}

async function babblingTls(party: SiteParty): Promise<Server> {
  const server = await silentTls(party);
  server.on("secureConnection", (socket: Socket) => {
    socket.on("error", () => {});
    socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  return server;
}

async function listening(server: Server, stack: AsyncDisposableStack): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("a TCP server has a port");
  return address.port;
}

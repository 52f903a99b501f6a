import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { uplinkTestCommand } from "../../agent/cli/uplink-test/command.ts";
import { readTlsMaterial } from "../../agent/process/tls-material.ts";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import { linuxWayFinder } from "../../hal/linux/route.ts";
import { startGateway } from "../processes/harness/gateway.ts";
import { runChild } from "./peers/child.ts";
import { freePort } from "./peers/free-port.ts";
import { configText } from "./peers/gateway-file.ts";
import type { GatewayFile } from "./peers/gateway-file.ts";
import { startInnerGateway } from "./peers/inner-gateway.ts";
import { startMosquitto } from "./peers/mosquitto.ts";
import type { Mosquitto, MosquittoOptions } from "./peers/mosquitto.ts";
import { startNginx } from "./peers/nginx.ts";
import { sitePki } from "./peers/pki.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { startTinyproxy } from "./peers/tinyproxy.ts";
import { ACL, GATEWAY_IDENTITY, worksFile } from "./peers/works.ts";
import { requires } from "./requires.ts";

const TEST_MS = 30_000;
const CONNECT_TIMEOUT_MS = 3_000;
const BUS = {
  name: "bus",
  tcp: { host: "127.0.0.1", port: 9 },
  devices: [{ name: "d", unit: 1, points: [{ name: "p", table: "holding-register", address: 0 }] }],
} as const;

type FileBroker = GatewayFile["uplink"]["broker"];

/** One site: its certificates, its brokers, and a technician with `holdfast uplink test`. */
async function openStand(stack: AsyncDisposableStack) {
  const folder = stack.use(await tempFolder()).path;
  const site = await sitePki(folder);
  const credentials = await site.broker("localhost", "127.0.0.1");
  const gateway = await site.client(GATEWAY_IDENTITY);
  const file = (port: number, broker: Partial<FileBroker>): GatewayFile =>
    worksFile({ broker: { port }, gateway }, [BUS], { connectTimeoutMs: CONNECT_TIMEOUT_MS, ...broker });
  return {
    folder,
    credentials,
    file,
    mosquitto: async (options: Partial<MosquittoOptions> = {}): Promise<Mosquitto> =>
      stack.use(await startMosquitto({ folder, credentials, acl: ACL, ...options })),
    async secret(name: string, text: string): Promise<string> {
      const path = join(folder, name);
      await writeFile(path, `${text}\n`, { mode: 0o600 });
      return path;
    },
    /** What the technician reads, without the times. */
    async walk(port: number, broker: Partial<FileBroker>, network = linuxNetwork()) {
      let out = "";
      const exit = await uplinkTestCommand(
        ["gateway.yaml"],
        {
          clock: linuxClock(),
          network,
          finder: linuxWayFinder(),
          material: readTlsMaterial,
          nonce: "a test",
          readFile: () => Promise.resolve(configText(file(port, broker))),
        },
        { out: (text) => void (out += text), err: (text) => void (out += text), isTty: false, columns: 80 },
      );
      return { exit, out, passed: [...out.matchAll(/^✓ (\S+(?: data)?)/gm)].map(([, step]) => step) };
    },
    /** A gateway that runs on it until it is online, and a mark was acknowledged. */
    async online(port: number, broker: Partial<FileBroker>) {
      await using running = await startInnerGateway(folder);
      await running.apply(file(port, broker));
      return await running.until("online, and acknowledged", ({ uplink }) => uplink?.state === "online");
    },
  };
}

const LADDER = ["name", "route", "tcp", "tls", "mqtt", "subscribe", "echo", "node data", "device data"];
const withWebSocket = LADDER.toSpliced(4, 0, "websocket");

requires("mosquitto")("Mosquitto's own doors", () => {
  test("its WebSocket listener carries the whole session", { timeout: TEST_MS }, async () => {
    await using stack = new AsyncDisposableStack();
    const stand = await openStand(stack);
    const { port } = await stand.mosquitto({ webSocket: true });
    const url = `wss://localhost:${port}/mqtt`;
    const walked = await stand.walk(port, { url });
    expect(walked).toMatchObject({ exit: 0, passed: withWebSocket });
    const { uplink } = await stand.online(port, { url });
    expect(uplink).toMatchObject({ tls: { version: "TLSv1.3" }, protocol: "5" });
  });

  test(
    "of a name's addresses the one that is the broker's is found behind one that is not",
    { timeout: TEST_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const stand = await openStand(stack);
      const { port } = await stand.mosquitto();
      const target = { kind: "tcp", host: "127.0.0.9", port } as const;
      stack.use(await linuxNetwork().listen(target, (stream) => void stream.once("data", () => stream.end("no TLS"))));
      const both = ["127.0.0.9", "127.0.0.1"].map((address) => ({ address, family: 4 }));
      const { exit, out } = await stand.walk(
        port,
        {},
        linuxNetwork(() => Promise.resolve(both)),
      );
      expect(exit).toBe(0);
      expect(out).toMatch(/^\? tls +HAL_TLS_FAILED: nothing came of 127\.0\.0\.9: .*trying the other addresses/m);
      expect(out).toMatch(/^✓ tcp +connected to 127\.0\.0\.1 /m);
    },
  );

  test("a user name and a password beside the certificate", { timeout: TEST_MS }, async () => {
    await using stack = new AsyncDisposableStack();
    const stand = await openStand(stack);
    const passwordPath = await stand.secret("users", "");
    await runChild("mosquitto_passwd", ["-b", passwordPath, "plant", "tide & rope"]);
    const acl = ACL.replace(`user ${GATEWAY_IDENTITY}`, "user plant");
    const { port } = await stand.mosquitto({ passwordPath, acl });
    const login = { username: "plant", passwordFile: await stand.secret("password", "tide & rope") };
    expect(await stand.walk(port, login)).toMatchObject({ exit: 0, passed: LADDER });
    expect((await stand.online(port, login)).uplink?.state).toBe("online");
    for (const protocol of ["5", "3.1.1"] as const) {
      const wrong = { ...login, protocol, passwordFile: await stand.secret("wrong", "hunter2") };
      const refused = await stand.walk(port, wrong);
      expect(refused.exit).toBe(1);
      expect(refused.out).toMatch(/✗ mqtt +UPLINK_(?:BROKER|PASSWORD)_REFUSED/);
      expect(refused.out).not.toContain("hunter2");
    }
  });

  test(
    "access rules: what they forbid is found, also where the broker says nothing",
    { timeout: TEST_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const stand = await openStand(stack);
      const broker = await stand.mosquitto();
      const { port } = broker;
      const user = `user ${GATEWAY_IDENTITY}\n`;
      await broker.setAcl(`${user}topic readwrite holdfast/v1/works/gateway-1/+\n`);
      expect((await stand.walk(port, { protocol: "5" })).out).toMatch(
        /✗ node data +UPLINK_PUBLISH_REFUSED: .* reason 135/,
      );
      await broker.setAcl(`${user}topic write holdfast/v1/works/gateway-1/+\n`);
      const deaf = await stand.walk(port, { protocol: "3.1.1" });
      expect(deaf.exit).toBe(1);
      expect(deaf.out).toMatch(/✗ echo +UPLINK_PUBLISH_REFUSED: the broker took a message .* and never gave it back/);
    },
  );
});

requires("mosquitto", "nginx")("nginx that ends TLS and WebSocket in front of Mosquitto", () => {
  test(
    "the whole session goes through it, and what it answers instead is explained",
    { timeout: TEST_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const stand = await openStand(stack);
      const broker = await stand.mosquitto({ webSocket: true, plain: true });
      const nginx = stack.use(await startNginx({ ...stand, upstreamPort: broker.port }));
      const url = `wss://localhost:${nginx.port}/mqtt`;
      expect(await stand.walk(nginx.port, { url })).toMatchObject({ exit: 0, passed: withWebSocket });
      expect((await stand.online(nginx.port, { url })).uplink?.state).toBe("online");
      const at = async (path: string) =>
        (await stand.walk(nginx.port, { url: `wss://localhost:${nginx.port}${path}` })).out;
      expect(await at("/elsewhere")).toMatch(
        /✗ websocket +UPLINK_WEBSOCKET_REFUSED: .*404 "Not Found".*nothing is at that path/,
      );
      expect(await at("/page")).toMatch(/✗ websocket .*a web page is there, no WebSocket/);
      await broker.stop();
      expect(await at("/mqtt")).toMatch(/✗ websocket .*502 "Bad Gateway".*the broker behind the web server is down/);
    },
  );

  test(
    "TLS 1.2 is spoken to a broker that is named as such, and only with ciphers that keep secrets",
    { timeout: TEST_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const stand = await openStand(stack);
      const { port: upstreamPort } = await stand.mosquitto({ webSocket: true, plain: true });
      const old = stack.use(await startNginx({ ...stand, upstreamPort, tls: "ssl_protocols TLSv1.2;" }));
      const url = `wss://localhost:${old.port}/mqtt`;
      const refused = await stand.walk(old.port, { url });
      expect(refused.out).toMatch(/✗ tls +UPLINK_TLS_MISMATCH: .*set uplink.broker.tlsVersionMin to 1.2/);
      const named = await stand.online(old.port, { url, tlsVersionMin: "1.2" });
      expect(named.uplink?.tls).toMatchObject({
        version: "TLSv1.2",
        cipher: expect.stringMatching(/^TLS_ECDHE_ECDSA_WITH_.*(?:GCM|POLY1305)/),
        group: "X25519",
      });
      const tls = "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-ECDSA-AES128-SHA256;";
      const weak = stack.use(await startNginx({ ...stand, upstreamPort, tls }));
      const weakUrl = `wss://localhost:${weak.port}/mqtt`;
      expect((await stand.walk(weak.port, { url: weakUrl, tlsVersionMin: "1.2" })).out).toMatch(
        /✗ tls +UPLINK_TLS_MISMATCH/,
      );
    },
  );
});

requires(
  "mosquitto",
  "nginx",
  "tinyproxy",
)("tinyproxy between the gateway and its broker", () => {
  test("the session goes through it, and what it refuses is told apart", { timeout: TEST_MS }, async () => {
    await using stack = new AsyncDisposableStack();
    const stand = await openStand(stack);
    const broker = await stand.mosquitto();
    const closedPort = await freePort();
    const proxy = stack.use(
      await startTinyproxy({
        ...stand,
        connectPorts: [broker.port, closedPort],
        login: { user: "gateway", password: "tide-rope" },
      }),
    );
    const url = `http://127.0.0.1:${proxy.port}`;
    const passwordFile = await stand.secret("proxy-password", "tide-rope");
    const through = { proxy: { url, username: "gateway", passwordFile } };
    const walked = await stand.walk(broker.port, through);
    expect(walked).toMatchObject({ exit: 0, passed: LADDER.toSpliced(3, 0, "proxy") });
    await proxy.logged(new RegExp(`CONNECT localhost:${broker.port}`));
    expect((await stand.online(broker.port, through)).uplink?.state).toBe("online");

    const wrong = { ...through.proxy, passwordFile: await stand.secret("wrong", "hunter2") };
    const refused = await stand.walk(broker.port, { proxy: wrong });
    expect(refused.out).toMatch(/✗ proxy +UPLINK_PROXY_CREDENTIAL_REFUSED/);
    expect(refused.out).not.toContain("hunter2");
    expect((await stand.walk(await freePort(), through)).out).toMatch(/✗ proxy +UPLINK_PROXY_REFUSED: .*403/);
    expect((await stand.walk(closedPort, through)).out).toMatch(/✗ proxy +UPLINK_PROXY_NO_WAY_ON/);
    const away = { proxy: { url: `http://127.0.0.1:${await freePort()}` } };
    expect((await stand.walk(broker.port, away)).out).toMatch(/✗ tcp +UPLINK_PROXY_AWAY/);
  });

  test(
    "proxy, nginx and WebSocket in a row carry a session, also of an uplink process behind its fence",
    { timeout: TEST_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const stand = await openStand(stack);
      const { port: upstreamPort } = await stand.mosquitto({ webSocket: true, plain: true });
      const nginx = stack.use(await startNginx({ ...stand, upstreamPort }));
      const proxy = stack.use(await startTinyproxy({ ...stand, connectPorts: [nginx.port] }));
      const way = {
        url: `wss://localhost:${nginx.port}/mqtt`,
        proxy: { url: `http://127.0.0.1:${proxy.port}` },
      };
      const walked = await stand.walk(nginx.port, way);
      expect(walked).toMatchObject({ exit: 0, passed: withWebSocket.toSpliced(3, 0, "proxy") });
      await using gateway = await startGateway(stand.folder, stand.file(nginx.port, way));
      const status = await gateway.until("online", ({ uplink }) => uplink?.state === "online");
      expect(status.uplink?.broker).toContain("wss://localhost");
    },
  );
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { linuxClock } from "../../hal/linux/clock.ts";
import { linuxEntropy } from "../../hal/linux/entropy.ts";
import { linuxNetwork } from "../../hal/linux/network.ts";
import {
  pumpingStation,
  pumpingStationConfig,
  servePumpingStation,
  STATION_LINE,
} from "../../simulator/plant/index.ts";
import { openPty } from "../../simulator/pty.ts";
import { PATIENCE_MS, sampledHeights, startGateway } from "../processes/harness/gateway.ts";
import { startMosquitto } from "./peers/mosquitto.ts";
import { startNginx } from "./peers/nginx.ts";
import { observe } from "./peers/observer.ts";
import { sitePki } from "./peers/pki.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { startTinyproxy } from "./peers/tinyproxy.ts";
import { observeWebSocket } from "./peers/web-socket-observer.ts";
import { requires } from "./requires.ts";
import { missingSequences, readSession } from "./sparkplug/session.ts";
import type { CapturedSession } from "./sparkplug/session.ts";

const SITE = "coast";
const DEVICE = "station";
const EDGE = { site: SITE, device: DEVICE, group: SITE, node: DEVICE };
const HTTPS_PORT = 443;
const RETURN_MS = 10_000;
/** a probe when its time has come, the goodbye, the connection, the births */
const RETURNED_MS_MAX = 3 * RETURN_MS;
const TEST_MS = 120_000;
const LOGIN = { user: "station", password: "low-tide" };
const ACL = `user ${DEVICE}\ntopic readwrite #\nuser watcher\ntopic read #\n`;

/** The pumping station of the demo on a real pty and real sockets. */
async function openStation(stack: AsyncDisposableStack, folder: string) {
  const clock = linuxClock();
  const machine = { clock, entropy: linuxEntropy(), network: linuxNetwork() };
  const cable = stack.use(await openPty({ clock, linkPath: join(folder, "line") }));
  const served = stack.use(
    await servePumpingStation(pumpingStation(machine), {
      ...machine,
      wire: cable.wire(STATION_LINE),
      host: "127.0.0.1",
      ports: { flow: 0, panel: 0 },
    }),
  );
  return { rtuPath: cable.path, tcpHost: "127.0.0.1", tcpPorts: served.ports, site: SITE, device: DEVICE };
}

requires(
  "mosquitto",
  "mosquitto-clients",
  "nginx",
  "tinyproxy",
  "low-ports",
)("A pumping station behind a proxy", () => {
  test(
    "reaches its broker on 443, loses it, fails over and returns, and every value is delivered or declared lost",
    { timeout: TEST_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const folder = stack.use(await tempFolder()).path;
      const site = await sitePki(folder);
      const credentials = await site.broker("localhost", "127.0.0.1");
      const gatewayParty = await site.client(DEVICE);
      const station = await openStation(stack, folder);
      const inside = { folder, credentials, acl: ACL, webSocket: true, plain: true };
      const office = stack.use(await startMosquitto(inside));
      stack.use(await startNginx({ folder, credentials, upstreamPort: office.port, port: HTTPS_PORT }));
      const proxy = stack.use(await startTinyproxy({ folder, connectPorts: [HTTPS_PORT], login: LOGIN }));
      const spare = stack.use(await startMosquitto({ folder: (await sub(stack)).path, credentials, acl: ACL }));
      const passwordFile = join(folder, "proxy-password");
      await writeFile(passwordFile, `${LOGIN.password}\n`, { mode: 0o600 });

      const atOffice = stack.use(await observeWebSocket(office.port));
      const atSpare = stack.use(await observe(spare, await site.client("watcher"), "watcher"));
      const broker = {
        url: `wss://localhost/mqtt`,
        anchors: gatewayParty.anchorsPath,
        certificate: gatewayParty.certificatePath,
        key: gatewayParty.keyPath,
      };
      const yaml = pumpingStationConfig({ ...station, broker }).replace(
        /^uplink:\n {2}broker:\n/m,
        `uplink:
  returnMs: ${RETURN_MS}
  fallbacks:
    - { url: "mqtts://localhost:${spare.port}", direct: true }
  broker:
    proxy: { url: "http://127.0.0.1:${proxy.port}", username: ${LOGIN.user}, passwordFile: "${passwordFile}" }
    retryMsMin: 100
    retryMsMax: 1000
`,
      );
      await using gateway = await startGateway(folder, yaml);
      const servedBy = (address: string, patienceMs = PATIENCE_MS) =>
        gateway.until(
          `served by ${address}`,
          ({ uplink }) =>
            uplink?.state === "online" && uplink.broker.startsWith(address) && uplink.marksAcknowledged > 0,
          patienceMs,
        );
      await servedBy("wss://localhost");
      await proxy.logged(/CONNECT localhost:443/);
      await dataBeyond(() => atOffice.seen.length, 50);

      await office.stop();
      await servedBy(`mqtts://localhost:${spare.port}`);
      await dataBeyond(() => atSpare.seen.length, 50);

      await office.start();
      const back = await servedBy("wss://localhost", RETURNED_MS_MAX);
      const heights = sampledHeights(back);
      const bootId = back.field?.bootId ?? "";
      const settled = await vi.waitFor(
        () => {
          const both = merged(readSession(atOffice.seen, EDGE), readSession(atSpare.seen, EDGE));
          const missing = missingSequences(both, bootId, heights);
          if (missing.length > 0) throw new Error(`neither delivered nor declared lost: ${missing.join(", ")}`);
          return both;
        },
        { timeout: PATIENCE_MS, interval: 100 },
      );
      expect(settled.violations).toEqual([]);
      expect(Math.min(...Object.values(heights))).toBeGreaterThan(5);
      expect(new Set(settled.bdSeqs).size).toBe(3);
    },
  );
});

async function sub(stack: AsyncDisposableStack) {
  return stack.use(await tempFolder());
}

const dataBeyond = (count: () => number, more: number): Promise<void> => {
  const before = count();
  return vi.waitFor(
    () => {
      if (count() < before + more) throw new Error(`${count() - before} messages came, ${more} wanted`);
    },
    { timeout: PATIENCE_MS, interval: 50 },
  );
};

/** Each broker has its own sessions; together they have every value. */
function merged(a: CapturedSession, b: CapturedSession): CapturedSession {
  return {
    ...a,
    violations: [...a.violations, ...b.violations],
    values: [...a.values, ...b.values],
    marks: [...a.marks, ...b.marks],
    bdSeqs: [...a.bdSeqs, ...b.bdSeqs],
  };
}

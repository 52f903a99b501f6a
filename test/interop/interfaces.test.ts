import { chmod, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startGateway } from "../processes/harness/gateway.ts";
import { startChild } from "./peers/child.ts";
import type { Child } from "./peers/child.ts";
import type { FileBus, GatewayFile } from "./peers/gateway-file.ts";
import { buildLibmodbus, startLibmodbusTcp } from "./peers/libmodbus.ts";
import { sitePki } from "./peers/pki.ts";
import type { SiteParty } from "./peers/pki.ts";
import { tempFolder } from "./peers/temp-folder.ts";
import { BROKER_ADDRESS, openTwoLinks } from "./peers/two-links.ts";
import type { TwoLinks } from "./peers/two-links.ts";
import { GATEWAY_IDENTITY, worksFile } from "./peers/works.ts";
import { requires } from "./requires.ts";

const BROKER_PORT = 8_883;
/** the shortest that a configuration may ask for, and a quarter of jitter */
const RETURN_MS = 10_000;
const RETURNED_MS = 1.25 * RETURN_MS + 5_000;
/** a mark that is not acknowledged, and then an attempt that times out */
const SWALLOWED_MS = 15_000 + 8_000;
const SECONDS_MS = 5_000;

function bus(port: number): FileBus {
  const points = [{ name: "ticks", table: "holding-register", address: 0, heartbeatMs: 1 }] as const;
  return { name: "socket", tcp: { host: "127.0.0.1", port }, devices: [{ name: "d", unit: 1, pollMs: 100, points }] };
}

function gatewayFile(party: SiteParty, port: number): GatewayFile {
  const works = { broker: { port: BROKER_PORT }, gateway: party };
  const url = `mqtts://${BROKER_ADDRESS}:${BROKER_PORT}`;
  const file = worksFile(works, [bus(port)], { url, connectTimeoutMs: 2_000 });
  return { ...file, uplink: { ...file.uplink, returnMs: RETURN_MS }, interfaces: { uplink: ["eth0", "wwan0"] } };
}

async function startMosquittoIn(links: TwoLinks, folder: string, party: SiteParty): Promise<Child> {
  const configPath = join(folder, "mosquitto.conf");
  const text = `user ${userInfo().username}
listener ${BROKER_PORT} ${BROKER_ADDRESS}
allow_anonymous false
require_certificate true
use_identity_as_username true
cafile ${party.anchorsPath}
certfile ${party.certificatePath}
keyfile ${party.keyPath}
persistence false
log_dest stderr
log_type all
connection_messages true
`;
  await writeFile(configPath, text);
  const [command, ...args] = links.inBroker;
  const child = startChild(command ?? "", [...args, "mosquitto", "-c", configPath]);
  await child.line(/mosquitto version \S+ running/);
  return child;
}

/** A program that runs another one in a namespace, for those who start a program by its path. */
async function programIn(prefix: readonly string[], folder: string, program: string): Promise<string> {
  const path = join(folder, "in-namespace");
  await writeFile(path, `#!/bin/sh\nexec ${prefix.join(" ")} ${program} "$@"\n`);
  await chmod(path, 0o755);
  return path;
}

requires(
  "gcc",
  "libmodbus",
  "mosquitto",
  "iproute2",
)("a gateway with a cable and a modem, in a network of its own", () => {
  test(
    "serves over the modem within seconds of a pulled cable, returns, and sees through a silent one",
    { timeout: 90_000 },
    async () => {
      await using stack = new AsyncDisposableStack();
      const folder = stack.use(await tempFolder()).path;
      const links = stack.use(await openTwoLinks());
      const site = await sitePki(folder);
      const broker = stack.use(await startMosquittoIn(links, folder, await site.broker(BROKER_ADDRESS)));
      const program = await programIn(links.inGateway, folder, await buildLibmodbus(folder));
      const device = stack.use(await startLibmodbusTcp(program));
      const file = gatewayFile(await site.client(GATEWAY_IDENTITY), device.port);
      const gateway = stack.use(await startGateway(join(folder, "gateway"), file, links.inGateway));
      const over = (name: string, patienceMs: number) =>
        gateway.until(
          `acknowledged over ${name}`,
          ({ uplink, field }) =>
            uplink?.state === "online" &&
            uplink.interfaceName === name &&
            (field?.queue.acknowledged ?? 0) + 20 > (field?.queue.sampled ?? 0),
          patienceMs,
        );
      await over("eth0", 20_000);
      await broker.line(/New client connected from 10\.98\.1\.2/);

      await links.pull("eth0");
      const moved = await over("wwan0", SECONDS_MS);
      expect(moved.uplink?.lastFault?.message).toContain("eth0");
      await broker.line(/New client connected from 10\.98\.2\.2/);

      await links.plug("eth0");
      const returned = await over("eth0", RETURNED_MS);
      expect(returned.uplink?.connects).toBe(3);

      await links.swallow("eth0");
      const seen = await over("wwan0", SWALLOWED_MS);
      expect(seen.field?.queue.dropped).toBe(0);
    },
  );
});

import { vi } from "vitest";
import type { Clock } from "../../../hal/clock.ts";
import { linuxClock } from "../../../hal/linux/clock.ts";
import { linuxNetwork } from "../../../hal/linux/network.ts";
import type { Network } from "../../../hal/network.ts";
import { gatewayAccess, openBroker } from "../../../simulator/broker/index.ts";
import type { EmbeddedBroker } from "../../../simulator/broker/index.ts";
import type { FileBus, GatewayFile } from "../../interop/peers/gateway-file.ts";
import { sitePki } from "../../interop/peers/pki.ts";
import type { Site, SiteParty } from "../../interop/peers/pki.ts";
import { tempFolder } from "../../interop/peers/temp-folder.ts";
import { readSession } from "../../interop/sparkplug/session.ts";
import type { CapturedSession, EdgeNode } from "../../interop/sparkplug/session.ts";
import { PATIENCE_MS } from "./gateway.ts";

export const EDGE: EdgeNode = { site: "yard", device: "gateway-9", group: "yard", node: "gateway-9" };
const IDENTITY = "gateway-9.yard";

/** The world around a gateway that runs as real processes: a broker in this one, certificates, a folder. */
export interface Station extends AsyncDisposable {
  readonly clock: Clock;
  readonly network: Network;
  readonly folder: string;
  readonly site: Site;
  readonly broker: EmbeddedBroker;
  readonly credentials: SiteParty;
  /** Everything published so far, as another decoder reads it. */
  session(): CapturedSession;
  /** Once what was published holds true. */
  published(what: string, wanted: (session: CapturedSession) => boolean): Promise<CapturedSession>;
  file(buses: readonly FileBus[]): GatewayFile;
}

export async function openStation(): Promise<Station> {
  await using opening = new AsyncDisposableStack();
  const clock = linuxClock();
  const network = linuxNetwork();
  const folder = opening.use(await tempFolder()).path;
  const site = await sitePki(folder);
  const credentials = await site.client(IDENTITY);
  const access = gatewayAccess({ group: EDGE.group, edgeNode: EDGE.node, site: EDGE.site, device: EDGE.device });
  const broker = opening.use(
    await openBroker({
      clock,
      network,
      target: { kind: "tcp", host: "127.0.0.1", port: 0 },
      material: (await site.broker("localhost", "127.0.0.1")).material,
      access: (identity) => (identity === IDENTITY ? access : undefined),
    }),
  );
  const held = opening.move();
  const session = (): CapturedSession =>
    readSession(
      broker.record.kept.map(({ topic, payload, qos, retain, atMs }) => ({
        topic,
        payload: Buffer.from(payload),
        qos,
        retain,
        timeMs: atMs,
      })),
      EDGE,
    );
  return {
    clock,
    network,
    folder,
    site,
    broker,
    credentials,
    session,
    published: (what, wanted) =>
      vi.waitFor(
        () => {
          const captured = session();
          if (!wanted(captured)) throw new Error(`never published: ${what}; ${captured.order.slice(-20).join(", ")}`);
          return captured;
        },
        { timeout: PATIENCE_MS, interval: 50 },
      ),
    file: (buses) => stationFile(broker.port, credentials, buses),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Reconnects fast, so that tests are short. */
function stationFile(port: number, credentials: SiteParty, buses: readonly FileBus[]): GatewayFile {
  const { anchorsPath, certificatePath, keyPath } = credentials;
  return {
    site: EDGE.site,
    device: EDGE.device,
    uplink: {
      broker: {
        url: `mqtts://localhost:${port}`,
        protocol: "3.1.1",
        anchors: anchorsPath,
        certificate: certificatePath,
        key: keyPath,
        retryMsMin: 100,
        retryMsMax: 1_000,
      },
      publishMs: 100,
    },
    buses,
  };
}

import { linuxClock } from "../../../hal/linux/clock.ts";
import type { EdgeNode } from "../sparkplug/session.ts";
import type { FileBus, GatewayFile } from "./gateway-file.ts";
import { buildLibmodbus, startLibmodbusRtu, startLibmodbusTcp } from "./libmodbus.ts";
import type { Libmodbus } from "./libmodbus.ts";
import { startMosquitto } from "./mosquitto.ts";
import type { Credentials, Mosquitto } from "./mosquitto.ts";
import { nullModem } from "./null-modem.ts";
import { sitePki } from "./pki.ts";
import type { Site, SiteParty } from "./pki.ts";
import { tempFolder } from "./temp-folder.ts";

/** The gateway these tests run, as topics name it. */
export const EDGE: EdgeNode = { site: "works", device: "gateway-1", group: "works", node: "gateway-1" };
/** common name of its certificate, and so its user at the broker */
export const GATEWAY_IDENTITY = "gateway-1.works";

/** Just what the gateway needs, what an observer may see, what an operator's tool may ask. */
export const ACL = `user ${GATEWAY_IDENTITY}
topic write spBv1.0/${EDGE.group}/+/${EDGE.node}
topic write spBv1.0/${EDGE.group}/+/${EDGE.node}/+
topic read spBv1.0/${EDGE.group}/NCMD/${EDGE.node}
topic read spBv1.0/${EDGE.group}/DCMD/${EDGE.node}/+
topic read spBv1.0/STATE/+
topic readwrite holdfast/v1/${EDGE.site}/${EDGE.device}/+

user watcher
topic read #

user operator
topic write spBv1.0/${EDGE.group}/#
`;

/** The serial line of these works, and the unit on it. */
export const LINE = { baudRate: 115_200, parity: "even", stopBits: 1 } as const;
export const LINE_UNIT = 9;

/** Everything around a gateway that is not ours: libmodbus south of it, on a socket and a line, Mosquitto north. */
export interface Works extends AsyncDisposable {
  readonly folder: string;
  readonly site: Site;
  readonly broker: Mosquitto;
  readonly device: Libmodbus & { readonly port: number };
  /** the same, on a serial line that the gateway opens at `linePath` */
  readonly lineDevice: Libmodbus;
  readonly linePath: string;
  readonly gateway: SiteParty;
  readonly watcher: SiteParty;
  readonly operator: SiteParty;
}

export async function openWorks(): Promise<Works> {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(await tempFolder()).path;
  const site = await sitePki(folder);
  const credentials = await site.broker("localhost", "127.0.0.1");
  const broker = opening.use(await startMosquitto({ folder, credentials, acl: ACL }));
  const program = await buildLibmodbus(folder);
  const device = opening.use(await startLibmodbusTcp(program));
  const cable = opening.use(await nullModem(linuxClock(), LINE));
  const lineDevice = opening.use(await startLibmodbusRtu(program, { path: cable.far, ...LINE }, LINE_UNIT));
  const gateway = await site.client(GATEWAY_IDENTITY);
  const watcher = await site.client("watcher");
  const operator = await site.client("operator");
  const held = opening.move();
  return {
    folder,
    site,
    broker,
    device,
    lineDevice,
    linePath: cable.near,
    gateway,
    watcher,
    operator,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

type FileBroker = GatewayFile["uplink"]["broker"];

/** A gateway for these works; it reconnects fast, so that tests are short. */
export function worksFile(
  works: { readonly broker: Pick<Mosquitto, "port">; readonly gateway: Credentials },
  buses: readonly FileBus[],
  broker: Partial<FileBroker> = {},
): GatewayFile {
  const { anchorsPath, certificatePath, keyPath } = works.gateway;
  return {
    site: EDGE.site,
    device: EDGE.device,
    uplink: {
      broker: {
        url: `mqtts://localhost:${works.broker.port}`,
        anchors: anchorsPath,
        certificate: certificatePath,
        key: keyPath,
        retryMsMin: 100,
        retryMsMax: 1_000,
        ...broker,
      },
      publishMs: 50,
    },
    buses,
  };
}

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configText } from "../interop/peers/gateway-file.ts";
import type { GatewayFile } from "../interop/peers/gateway-file.ts";
import { worksFile } from "../interop/peers/works.ts";
import type { Works } from "../interop/peers/works.ts";
import { CONFIG_PATH, SECRETS_FOLDER } from "../../scripts/package/places.ts";
import type { DebianRoot } from "./debian-root.ts";

const POLL_MS = 100;
/** What the gateway is told of its credentials, relative to its file. */
const CREDENTIALS = { anchorsPath: "tls/ca.pem", certificatePath: "tls/gateway.pem", keyPath: "tls/gateway.key" };

/** What an installed gateway is told: one device of the works, and the works' broker. */
export function siteFile(works: Works, keyPath = CREDENTIALS.keyPath): GatewayFile {
  const buses = [
    {
      name: "socket",
      tcp: { host: "127.0.0.1", port: works.device.port },
      devices: [
        {
          name: "flow",
          unit: 1,
          pollMs: POLL_MS,
          points: [{ name: "ticks", table: "holding-register" as const, address: 0, heartbeatMs: 1 }],
        },
      ],
    },
  ];
  // the works are on this machine's loopback, and a clean Debian need not know what localhost is
  const broker = { url: `mqtts://127.0.0.1:${works.broker.port}`, serverName: "localhost" };
  return worksFile({ broker: works.broker, gateway: { ...CREDENTIALS, keyPath } }, buses, broker);
}

/** Puts configuration and credentials where the manual says, below `folder` instead of the root where one is given. */
export function commission(root: DebianRoot, works: Works, file: GatewayFile, folder = ""): void {
  const at = (path: string): string => join(root.path, folder, path);
  mkdirSync(at(SECRETS_FOLDER), { recursive: true });
  const { anchorsPath, certificatePath, keyPath } = works.gateway;
  const pairs = [
    [anchorsPath, "ca.pem"],
    [certificatePath, "gateway.pem"],
    [keyPath, "gateway.key"],
  ] as const;
  for (const [from, name] of pairs) {
    const to = join(at(SECRETS_FOLDER), name);
    // made anew, so that it gets the folder's group: Node's copy brings the group along
    writeFileSync(to, readFileSync(from), { mode: 0o640 });
  }
  writeFileSync(at(CONFIG_PATH), configText(file));
}

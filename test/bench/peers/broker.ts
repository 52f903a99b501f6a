import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { startPeer } from "../machine/peer.ts";
import type { EmbeddedBrokerReady } from "./embedded-broker.process.ts";
import type { PemPaths } from "./pki.ts";

export interface BenchBroker extends AsyncDisposable {
  /** which broker it is, for the report */
  readonly kind: string;
  readonly pid: number;
  readonly port: number;
}

const EMBEDDED = join(import.meta.dirname, "embedded-broker.process.ts");
const EMBEDDED_KIND = "the embedded broker (no mosquitto here)";
const START_MS = 10_000;
const RETRY_MS = 50;

/** Mosquitto with mutual TLS 1.3, the gateway's real peer, on a free loopback port; ours where it is not installed. */
export async function startBroker(folder: string, material: PemPaths): Promise<BenchBroker> {
  const version = mosquittoVersion();
  if (version === undefined) return startEmbedded(material);
  const port = await freePort();
  const file = join(folder, "mosquitto.conf");
  writeFileSync(file, configuration(port, material));
  const child = spawn("mosquitto", ["-c", file], { stdio: "ignore" });
  const { pid } = child;
  if (pid === undefined) throw new Error("mosquitto could not be started");
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  };
  try {
    await listening(port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { kind: version, pid, port, [Symbol.asyncDispose]: stop };
}

async function startEmbedded(material: PemPaths): Promise<BenchBroker> {
  const peer = await startPeer<EmbeddedBrokerReady, object>(EMBEDDED, material);
  return {
    kind: EMBEDDED_KIND,
    pid: peer.pid,
    port: peer.ready.port,
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  };
}

/** Which broker the gateway talks to on this machine. */
export function brokerKind(): string {
  return mosquittoVersion() ?? EMBEDDED_KIND;
}

function mosquittoVersion(): string | undefined {
  const { stdout, error } = spawnSync("mosquitto", ["-h"], { encoding: "utf8" });
  return error === undefined ? stdout.split("\n")[0]?.trim() : undefined;
}

function configuration(port: number, material: PemPaths): string {
  return [
    `listener ${port} 127.0.0.1`,
    `cafile ${material.anchors}`,
    `certfile ${material.certificate}`,
    `keyfile ${material.key}`,
    "tls_version tlsv1.3",
    "require_certificate true",
    "use_identity_as_username true",
    "allow_anonymous false",
    "persistence false",
    "log_type error",
    // started by root it would become another user, who cannot read the keys
    `user ${userInfo().username}`,
    "",
  ].join("\n");
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no free loopback port");
  return address.port;
}

async function listening(port: number): Promise<void> {
  const deadlineMs = performance.now() + START_MS;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const answered = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (answered) return;
    if (performance.now() > deadlineMs) throw new Error(`mosquitto does not listen on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
